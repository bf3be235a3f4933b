"""What crawlers may read, and where all of it is listed."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from templates.languages import ENGLISH
from web.language_switch import languages_of
from web.surroundings import surroundings_of

# Google's calendar obeys robots.txt: a feed that is not allowed here is never fetched again. What is found by
# searching stands elsewhere under its own address; the form about errors has one address for each page.
_RULES: Final = """\
User-agent: *
Allow: /feeds/
Disallow: /c/
Disallow: /u/
Disallow: /p/
Disallow: /my-edit/
Disallow: /search
Disallow: /report
Disallow: /mailbox
Disallow: /console/
"""


def robots(request: Request) -> PlainTextResponse:
    """Answer `/robots.txt`."""
    site = surroundings_of(request).site
    others = [one for one in languages_of(site.languages) if one != ENGLISH]
    rooms = ("my-edit", "search", "report")
    rules = "".join(f"Disallow: /{one}/{room}\n" for one in others for room in rooms)
    listed = f"\nSitemap: {site.base_url}/sitemap.xml\n"
    return PlainTextResponse(_RULES + rules + listed, headers={"Cache-Control": "public, max-age=86400"})
