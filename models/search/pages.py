"""What pages of text say to a search: their Markdown as plain words."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models.page import Page
from models.search.content import Content
from models.search.entry import SearchKind
from models.search.names import Names
from templates.markdown import DIRECTIVE, MARKDOWN


def page_contents(session: Session, keys: Sequence[int], names: Names) -> Iterator[Content]:
    """Read the pages with these keys that are shown."""
    del names
    for one in session.execute(
        select(Page.id, Page.slug, Page.language, Page.title, Page.summary, Page.body).where(
            Page.id.in_(keys), Page.shown == true()
        )
    ):
        yield Content(
            SearchKind.PAGE,
            one.id,
            slug=one.slug,
            title=one.title,
            lines=(one.summary, " ".join(plain_lines(one.body))),
            language=one.language,
        )


def plain_lines(markdown: str) -> Iterator[str]:
    """Return the words of a text in Markdown, block by block, without addresses and places of the record."""
    for token in MARKDOWN.parse(markdown):
        if token.type == "inline":
            words = DIRECTIVE.sub("", "".join(_words(child) for child in token.children or ())).strip()
            if words:
                yield words


def _words(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content
