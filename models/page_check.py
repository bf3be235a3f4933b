"""Whether a page's text can be published: Markdown alone, known blocks, links that lead somewhere."""

from collections.abc import Iterator
from typing import Final

from models.page import Block
from models.page_paths import Paths, heading_ids
from models.refusal import Refusal
from templates.markdown import Directive, leads
from templates.markdown_survey import survey

_MOST: Final = 20
"""Lines of complaint that are told at once."""


class UnfitPage(Refusal):
    """A page's text holds what cannot be shown; the message tells each place with its line."""


def refuse_unfit(text: str, *, slug: str, paths: Paths, first_line: int = 1) -> None:
    """Raise UnfitPage unless the text can stand at /about/{slug}.

    first_line is the line of its file on which the text begins.
    """
    complaints = sorted(set(_complaints(text, slug=slug, paths=paths)))
    if complaints:
        told = [f"Line {first_line + line - 1}: {words}" for line, words in complaints[:_MOST]]
        if len(complaints) > _MOST:
            told.append(f"And {len(complaints) - _MOST} more.")
        raise UnfitPage("\n".join(told))


def _complaints(text: str, *, slug: str, paths: Paths) -> Iterator[tuple[int, str]]:
    found = survey(text)
    for one in found.html:
        yield one.line, f"HTML is not taken ({one.words:.60}); write Markdown."
    for one in found.pictures:
        yield one.line, f"pictures are not shown on these pages ({one.words:.60}); leave it out."
    for one in found.loose:
        yield one.line, f"{one.words:.60} must stand alone, between two empty lines."
    for directive in found.directives:
        if complaint := _of_block(directive, paths):
            yield directive.line, complaint
    own = heading_ids(text)
    for one in found.links:
        if complaint := _of_link(one.words, own=own, slug=slug, paths=paths):
            yield one.line, complaint


def _of_block(directive: Directive, paths: Paths) -> str | None:
    known = ", ".join(f"[[{block} SLUG]]" if block is Block.THEME else f"[[{block}]]" for block in Block)
    if directive.name not in set(Block):
        return f"there is no block [[{directive.name}]]. There are: {known}."
    if directive.name != Block.THEME:
        return f"write [[{directive.name}]] without anything behind it." if directive.argument else None
    if directive.argument in paths.themes:
        return None
    return f"[[theme SLUG]] takes one of the themes: {', '.join(sorted(paths.themes))}."


def _of_link(address: str, *, own: frozenset[str], slug: str, paths: Paths) -> str | None:
    match leads(address):
        case None:
            return (
                f"the link to “{address:.80}” leads nowhere; write https:// and the whole address, or a path "
                "of this site, like /mechanisms."
            )
        case "fragment" if address[1:] not in own:
            return f"the link to “{address:.80}” leads to a heading that this page does not have."
        case "own":
            path, _, fragment = address.partition("#")
            ids = own if path == f"/about/{slug}" else paths.ids_of(path)
            if ids is None:
                return f"the link to “{address:.80}” leads to a page that is not there."
            if fragment and path.startswith("/about/") and fragment not in ids:
                return f"the link to “{address:.80}” leads to a heading that page does not have."
    return None
