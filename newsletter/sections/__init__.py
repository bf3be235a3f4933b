"""The sections of an issue: each module turns facts into the nodes of one section."""
