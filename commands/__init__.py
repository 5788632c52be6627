"""The commands of the terminal, a noun a file: thin, over the same services as the screens."""
