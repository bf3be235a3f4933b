"""The same page in the other languages: as people choose it, and as search engines are told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request

from templates.languages import ENGLISH, own_name
from web.language import has_no_language, in_language, names_language


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language by the name it gives itself, and where this page is in it."""

    language: str
    name: str
    address: str
    is_here: bool


def languages_of(offered: Sequence[str]) -> tuple[str, ...]:
    """Return the languages that pages are written in: English, and the others offered in their order."""
    return (ENGLISH, *(one for one in offered if one != ENGLISH))


def language_switch(
    request: Request, *, offered: Sequence[str], language: str, is_there: bool = True
) -> tuple[Tongue, ...]:
    """Return this page in every language, query and all; none where it has but one address.

    What is not there (`is_there`) is so in each language alike, so that nobody can tell an address that is
    kept from them from one that leads nowhere.

    The address of English is written `/en/...` on pages of other languages, which keeps it from being taken
    for one of theirs; it is sent without that.
    """
    path = request.scope["path"]
    languages = languages_of(offered)
    if (is_there and has_no_language(path)) or len(languages) == 1:
        return ()
    query = f"?{request.url.query}" if request.url.query else ""
    # A prefix that is still there led nowhere.
    plain = ("" if path == "/" or names_language(path) else quote(path)) + query
    return tuple(
        Tongue(
            one, own_name(one), (f"/{one}{plain}" if one != language else _here(plain, one)), one == language
        )
        for one in languages
    )


def _here(plain: str, language: str) -> str:
    return in_language(plain if plain.startswith("/") else f"/{plain}", language)
