"""Tables of the record: one noun a file, validated at the door and by CHECK constraints."""
