"""The paths of this site that a page's text may link to, and whether they lead anywhere."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.document import Document
from models.issue import Issue
from models.mechanism import Mechanism, MechanismAlias, MechanismType
from models.meeting import Meeting, Visibility
from models.page import Page
from models.update import Update
from models.vocabulary import Theme
from templates.countries import territory_names
from templates.markdown import read_markdown

_ALWAYS: Final = frozenset(
    {
        "/", "/about", "/calendar", "/changes", "/countries", "/documents", "/help/calendar", "/highlights",
        "/mechanisms", "/newsletter", "/privacy", "/report", "/search", "/subscribe", "/themes", "/updates",
        "/updates.atom", "/updates.json",
    }
)  # fmt: skip
_YEAR: Final = re.compile(r"(19|20|21)\d\d(/(0?[1-9]|1[0-2]))?")
_NOTHING: Final = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The names behind which this site has a page. pages gives the names of the headings of each."""

    mechanisms: AbstractSet[str]
    themes: AbstractSet[str]
    meetings: AbstractSet[str]
    updates: AbstractSet[str]
    documents: AbstractSet[str]
    pages: Mapping[str, frozenset[str]]
    issues: AbstractSet[str] = field(default_factory=frozenset)

    def ids_of(self, path: str) -> frozenset[str] | None:
        """Return the names of the headings to which links to a path may lead, None where nothing is there.

        They are known of pages about ISCMs alone; those of any other path are none. What a question mark
        leads in is passed over.
        """
        bare = path.partition("?")[0]
        if bare in _ALWAYS or bare.startswith("/feeds/"):
            return _NOTHING
        room, _, name = bare.removeprefix("/").partition("/")
        if room == "about":
            return self.pages.get(name)
        there = {
            "mechanisms": name in self.mechanisms,
            "themes": name in self.themes,
            "meetings": name in self.meetings,
            "updates": name in self.updates,
            "documents": name in self.documents,
            "highlights": name in self.issues,
            "types": name in set(MechanismType),
            "countries": name in territory_names("en"),
            "calendar": _YEAR.fullmatch(name) is not None,
        }
        return _NOTHING if there.get(room) else None


def paths_on_record(session: Session) -> Paths:
    """Read the names that have a page today. A page about ISCMs counts when it is shown in English."""
    aliases = select(MechanismAlias.slug).where(MechanismAlias.slug.is_not(None))
    public = select(Meeting.slug).where(Meeting.visibility == Visibility.PUBLIC)
    begun = select(Issue.code).where(Issue.started_at.is_not(None))
    shown = select(Page.slug, Page.body).where(Page.language == "en", Page.shown)
    return Paths(
        mechanisms={*session.scalars(select(Mechanism.slug)), *session.scalars(aliases)},
        themes=set(session.scalars(select(Theme.slug))),
        meetings=set(session.scalars(public)),
        updates=set(session.scalars(select(Update.slug))),
        documents=set(session.scalars(select(Document.slug))),
        issues=set(session.scalars(begun)),
        pages={slug: heading_ids(body) for slug, body in session.execute(shown)},
    )


def heading_ids(text: str) -> frozenset[str]:
    """Return the names of a text's headings, to which links may lead."""
    return frozenset(heading.id for heading in read_markdown(text).headings)
