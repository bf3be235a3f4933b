"""Restoring a backup: looked at whole, loaded beside what is there, put in its place at the end."""
