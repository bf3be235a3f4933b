"""A backup as one file: every record as lines of JSON, the keys, the documents, and a manifest of it all.

Nothing in it depends on the kind of database it was taken from, so the same file is a way to another kind.
"""
