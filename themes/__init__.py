"""Texts in, themes out: redaction, language, keyword rules, repeats. No database, no screens."""
