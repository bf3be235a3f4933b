"""The way to a page from those above it: as links, and as JSON-LD for search engines."""

from dataclasses import dataclass

from web.addresses import whole_address
from web.site import Site


@dataclass(frozen=True, slots=True)
class Crumb:
    """One page on the way."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The pages above, the nearest last, and the whole way with the page itself as JSON-LD."""

    above: tuple[Crumb, ...]
    data: dict[str, object]


def breadcrumbs(site: Site, *way: Crumb, language: str) -> Trail:
    """Return the trail of the last page of `way` (schema.org/BreadcrumbList)."""
    return Trail(
        above=way[:-1],
        data={
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": crumb.words,
                    "item": whole_address(site, crumb.address, language=language),
                }
                for position, crumb in enumerate(way, start=1)
            ],
        },
    )
