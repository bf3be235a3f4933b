"""Addresses of the site's pages and feeds in a language: `/fr` stands before them, nothing in English."""

from templates.languages import ENGLISH


def site_in(base_url: str, language: str) -> str:
    """Return what stands before the path of a page in a language; base_url has no trailing slash."""
    return base_url if language == ENGLISH else f"{base_url}/{language}"


def in_language(address: str, *, base_url: str, language: str) -> str:
    """Return an address of the site in a language; one of another site stays as it is."""
    if not address.startswith(f"{base_url}/"):
        return address
    return site_in(base_url, language) + address.removeprefix(base_url)
