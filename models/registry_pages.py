"""The pages of a registry: files of Markdown in its folder `pages`, named slug.md or slug.fr.md."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from models.base import Facts
from models.page import page_code
from models.page_check import refuse_unfit
from models.page_fields import PAGE_FIELDS
from models.page_file import PageFile, read_page_file
from models.page_paths import Paths, heading_ids
from models.plain_text import UnwelcomeText
from models.refusal import Refusal
from models.registry_record import Entry
from templates.languages import ENGLISH

_NAME: Final = re.compile(r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.(?P<language>[a-z]{2,3}))?\.md")
_UNSAID: Final[Facts] = {"title": None, "summary": None, "position": 0, "shown": True}


class BadPage(Refusal):
    """A file of the folder `pages` cannot be a page; the message names it."""


def read_pages(folder: Path, *, paths: Paths) -> list[Entry]:
    """Read and check the files of a folder, in the order of their codes; none where there is no folder.

    paths are the names that the rest of the registry gives. Raises BadPage for a text that an editor could
    not save either.
    """
    files = {
        code: _read(file) for code, file in sorted((code_of(file), file) for file in folder.glob("*.md"))
    }
    english = {code: said for code, said in files.items() if slug_and_language(code)[1] == ENGLISH}
    paths = replace(paths, pages={code: heading_ids(said.facts["body"]) for code, said in english.items()})
    found = []
    for code, said in files.items():
        slug, _ = slug_and_language(code)
        with _placed(f"{code}.md"):
            if slug not in english:
                raise UnwelcomeText(f"there is no {slug}.md in English beside it.")
            facts = PAGE_FIELDS.check(_UNSAID | said.facts)
            refuse_unfit(facts["body"], slug=slug, paths=paths, first_line=said.first_line)
        found.append(Entry("page", code, facts))
    return found


def code_of(file: Path) -> str:
    """Return the code of the page that a file holds; raises BadPage for a name that makes no address."""
    named = _NAME.fullmatch(file.name)
    if named is None or len(named["slug"]) > 80:
        raise BadPage(
            f"pages/{file.name}: name it as an address, in small letters, digits and hyphens, like terms.md "
            "or terms.fr.md."
        )
    return page_code(named["slug"], named["language"] or ENGLISH)


def slug_and_language(code: str) -> tuple[str, str]:
    """Return what a page's code is made of."""
    slug, _, language = code.partition(".")
    return slug, language or ENGLISH


def _read(file: Path) -> PageFile:
    with _placed(file.name):
        try:
            return read_page_file(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise UnwelcomeText(f"this is not UTF-8 text (byte {error.start}).") from error
        except OSError as error:
            raise UnwelcomeText(f"this cannot be read: {error.strerror}.") from error


@contextmanager
def _placed(name: str) -> Iterator[None]:
    """Say of a refusal in which file it arose."""
    try:
        yield
    except Refusal as refusal:
        raise BadPage(f"pages/{name}: {refusal}") from refusal
