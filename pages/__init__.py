"""Screens: one a file, each a `render(ctx)` that reads like a description of what is on it."""
