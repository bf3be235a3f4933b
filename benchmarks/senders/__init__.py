"""Senders of letters, each a process: PORT LETTERS CONNECTIONS BYTES FOLDER; prints its seconds."""
