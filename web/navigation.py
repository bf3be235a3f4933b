"""The words at the top of every page, and those at its foot."""

from dataclasses import dataclass
from typing import Final, Literal

from templates.languages import ENGLISH, catalogue


@dataclass(frozen=True, slots=True)
class Entry:
    """One word that leads on; `current` is what aria-current says: this page, or what it is part of."""

    words: str
    address: str
    current: Literal["page", "true"] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading at the foot of a page."""

    words: str
    entries: tuple[Entry, ...]


_BELOW: Final = {
    "/calendar": ("/calendar/", "/meetings/"),
    "/mechanisms": ("/mechanisms/", "/types/", "/countries"),
    "/highlights": ("/highlights/", "/newsletter"),
    "/about": ("/about/",),
}
"""What else belongs to an entry: how the addresses of those pages begin."""


def navigation(path: str, *, language: str = ENGLISH) -> tuple[Entry, ...]:
    """Return the entries at the top of the page at `path`."""
    _ = catalogue(language).gettext
    entries = (
        (_("Calendar"), "/calendar"),
        (_("Mechanisms"), "/mechanisms"),
        (_("Updates"), "/updates"),
        (_("Documents"), "/documents"),
        (_("Highlights"), "/highlights"),
        (_("About"), "/about"),
    )
    return tuple(Entry(words, address, _current(path, address)) for words, address in entries)


def colophon(*, has_mailbox: bool, report: str, language: str = ENGLISH) -> tuple[Group, ...]:
    """Return the groups at the foot of a page; `report` is where an error on this page is told."""
    _ = catalogue(language).gettext
    mailbox = (Entry(_("Local mailbox"), "/mailbox"),) if has_mailbox else ()
    return (
        Group(
            _("The record"),
            (
                Entry(_("Calendar"), "/calendar"),
                Entry(_("Mechanisms"), "/mechanisms"),
                Entry(_("What changed"), "/changes"),
                Entry(_("Clashes"), "/clashes"),
                Entry(_("States"), "/countries"),
                Entry(_("Themes"), "/themes"),
            ),
        ),
        Group(
            _("To you"),
            (
                Entry(_("Subscribe in your calendar"), "/subscribe"),
                Entry(_("Help with calendars"), "/help/calendar"),
                Entry(_("Receive Highlights by mail"), "/newsletter"),
            ),
        ),
        Group(
            _("This site"),
            (
                Entry(_("About"), "/about"),
                Entry(_("Report an error"), report),
                Entry(_("Privacy"), "/privacy"),
                *mailbox,
            ),
        ),
    )


def _current(path: str, address: str) -> Literal["page", "true"] | None:
    if path == address:
        return "page"
    return "true" if path.startswith(_BELOW.get(address, ())) else None
