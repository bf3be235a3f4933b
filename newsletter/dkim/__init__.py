"""DKIM (RFC 6376): the key, the signature under every mail, and the DNS record that lets others check it."""
