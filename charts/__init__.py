"""Result object in, Altair chart out; each chart comes with its words for the ear and its numbers as a table."""
