"""The address of the page about a State or territory."""


def country_address(code: str) -> str:
    """Return the address for an ISO 3166-1 alpha-2 code: small letters are the one canonical form."""
    return f"/countries/{code.lower()}"
