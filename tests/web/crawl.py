"""A crawler: from the first page to every other by the links people follow, noting all that pages load."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

# What a browser fetches by itself on seeing the tag, by the attribute that names it.
_LOADING: Final = {
    "img": "src",
    "script": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
_LOADING_RELATIONS: Final = {"stylesheet", "preload", "icon", "apple-touch-icon", "manifest", "modulepreload"}


@dataclass
class Fetched:
    """One answer, and what its page names. Links and loads are absolute addresses; `ids` are its anchors.

    `switch` and `alternates` lead to the same page by language, from where people choose and from its head.
    """

    address: str
    status: int
    content_type: str
    text: str
    location: str | None = None
    links: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    switch: dict[str, str] = field(default_factory=dict)
    alternates: dict[str, str] = field(default_factory=dict)
    canonical: str | None = None


class _Names(HTMLParser):
    def __init__(self, page: Fetched) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self._page.ids.add(given["id"])
        address = urljoin(self._page.address, given.get("href", ""))
        if "hreflang" in given:
            (self._page.alternates if tag == "link" else self._page.switch)[given["hreflang"]] = address
        elif given.get("rel") == "canonical":
            self._page.canonical = address
        elif tag in {"a", "area"} and "href" in given:
            self._page.links.add(urljoin(self._page.address, given["href"]))
        elif tag == "form" and given.get("method", "get").lower() == "get":
            self._page.links.add(urljoin(self._page.address, given.get("action", "")))
        elif tag == "link" and _LOADING_RELATIONS & set(given.get("rel", "").split()):
            self._page.loads.add(urljoin(self._page.address, given["href"]))
        elif tag == "link" and "href" in given:
            self._page.links.add(urljoin(self._page.address, given["href"]))
        elif tag == "meta" and given.get("property") == "og:image":
            self._page.loads.add(urljoin(self._page.address, given["content"]))
        elif _LOADING.get(tag) in given:
            self._page.loads.add(urljoin(self._page.address, given[_LOADING[tag]]))


def crawl(
    fetch: Callable[[str], Fetched], base_url: str, *, skip: Callable[[str], bool], start: str = "/"
) -> dict[str, Fetched]:
    """Return every answer within the site that can be reached from its first page, by path and query.

    `fetch` answers an address; what `skip` says of a path and query is not followed, nor is what leads to the
    same in another language.
    """
    found: dict[str, Fetched] = {}
    waiting = [base_url + start]
    while waiting:
        path = _inside(waiting.pop(), base_url)
        if path is None or path in found or skip(path):
            continue
        page = found[path] = fetch(path)
        if page.content_type.startswith("text/html"):
            reader = _Names(page)
            reader.feed(page.text)
            reader.close()
        waiting += sorted(page.links | page.loads | ({page.location} if page.location else set()))
    return found


def dead_anchors(pages: dict[str, Fetched], base_url: str) -> Iterator[tuple[str, str]]:
    """Give each link to a place on a page that is not there, with the page it stands on."""
    for path, page in pages.items():
        for link in page.links:
            address, anchor = urldefrag(link)
            target = pages.get(_inside(address, base_url) or "")
            if anchor and target and target.status == 200 and unquote(anchor) not in target.ids:
                yield path, link


def outside(pages: dict[str, Fetched], base_url: str) -> set[str]:
    """Return whatever pages load from elsewhere."""
    return {one for page in pages.values() for one in page.loads if _inside(one, base_url) is None}


def _inside(address: str, base_url: str) -> str | None:
    """Return the path and query of an address of the site; None for one elsewhere."""
    parts = urlsplit(urldefrag(address).url)
    if f"{parts.scheme}://{parts.netloc}" != base_url:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
