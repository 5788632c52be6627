"""Use cases: each function opens what it needs, asks the rooms below, commits, returns."""
