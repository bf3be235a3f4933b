"""The addresses that a letter's links lead to."""

from html.parser import HTMLParser


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.addresses.append(address)


def linked_addresses(html: str) -> tuple[str, ...]:
    """Return where the links of an HTML part lead, each address once, in the order of reading."""
    reader = _Links()
    reader.feed(html)
    reader.close()
    return tuple(dict.fromkeys(reader.addresses))
