"""Feeds as files, for a web server or a CDN: the bytes of the service, at the same paths, in a folder."""
