"""Whether a host is this machine alone."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Tell whether nobody but this machine reaches the host by this name or number."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def leads_here(address: str) -> bool:
    """Tell whether a web address leads to this machine alone."""
    return is_loopback(urlsplit(address).hostname or "")
