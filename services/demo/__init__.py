"""The demo county: an invented wellbeing services county, simulated from stated facts and loaded into the record."""
