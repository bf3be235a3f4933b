"""The pictures of an issue, drawn from plain values: a map of host countries and a timeline of the year."""
