"""How people reach the site: its address, and the proxies in front of it."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from iscm.doctor.finding import Finding, ok, problem, warning
from iscm.loopback import leads_here


def of_base_url(base_url: str, *, leaves: bool) -> Finding:
    """Whether links in feeds and letters lead people here; `leaves` says that mail leaves the machine."""
    if leads_here(base_url):
        if leaves:
            return problem(
                "site",
                f"ISCM_BASE_URL is {base_url}, which leads readers of letters to their own machine.",
                "Set it to the address people reach the site at.",
            )
        return ok("site", f"{base_url}, for this machine alone.")
    if urlsplit(base_url).scheme != "https":
        return warning(
            "site",
            f"ISCM_BASE_URL is {base_url}: feeds, and the links by which readers leave, are not encrypted.",
            "Put a proxy with TLS in front and set it to https://…",
        )
    return ok("site", f"{base_url}.")


def of_proxies(trusted: Sequence[str], *, base_url: str) -> Finding:
    """Whether the proxies in front are named, and only they."""
    wide = [one for one in trusted if ipaddress.ip_network(one).prefixlen == 0]
    if wide:
        return problem(
            "proxies",
            f"ISCM_TRUSTED_PROXIES names everybody ({', '.join(wide)}): anybody can claim any address.",
            "Name the proxies in front, and nobody else.",
        )
    if trusted:
        return ok("proxies", f"Forwarded addresses are taken from {', '.join(trusted)}.")
    if not leads_here(base_url):
        return warning(
            "proxies",
            "ISCM_TRUSTED_PROXIES is not set: the log and /metrics take the proxy for the reader.",
            "Name the proxy in front, such as 127.0.0.1, and have it set X-Forwarded-For.",
        )
    return ok("proxies", "None in front.")
