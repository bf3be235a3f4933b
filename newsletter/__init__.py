"""The yearly Highlights: compiled from the record, addressed, sent, and what comes back of it."""
