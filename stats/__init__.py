"""Numbers in, result objects out: the statistics of a pilot, without a database, a screen or a file."""
