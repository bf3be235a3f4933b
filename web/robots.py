"""What crawlers may read, and where all of it is listed."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from web.surroundings import surroundings_of

# Google's calendar obeys robots.txt: a feed that is not allowed here is never fetched again. What is found by
# searching stands elsewhere under its own address; the form about errors has one address for each page.
_RULES: Final = """\
User-agent: *
Allow: /feeds/
Disallow: /c/
Disallow: /u/
Disallow: /p/
Disallow: /search
Disallow: /report
Disallow: /mailbox
Disallow: /console/
"""


def robots(request: Request) -> PlainTextResponse:
    """Answer `/robots.txt`."""
    listed = f"\nSitemap: {surroundings_of(request).site.base_url}/sitemap.xml\n"
    return PlainTextResponse(_RULES + listed, headers={"Cache-Control": "public, max-age=86400"})
