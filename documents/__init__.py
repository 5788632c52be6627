"""Results set on paper: briefs, minutes and posters, as PDF and DOCX, in the reader's language."""
