"""Files of other systems in: what a file looks like, which column is what, rows that can be stored. No database."""
