"""The programs in which people follow a calendar, and how soon each of them sees a change.

The times are the programs' own: Google and Microsoft state no promise, and what is written here is what
their users and other publishers of calendars have seen.
"""

from dataclasses import dataclass
from typing import Final

from calendar_feed.calendar import REFRESH
from templates.languages import ENGLISH, catalogue

HOURS: Final = int(REFRESH.removeprefix("PT").removesuffix("H"))
"""How often a feed asks to be read, in hours; programs that heed it say so below."""


@dataclass(frozen=True, slots=True)
class CalendarProgram:
    """One program: `key` is its place on the page of help, `pace` how soon it sees a change."""

    key: str
    name: str
    pace: str


def calendar_programs(language: str = ENGLISH) -> tuple[CalendarProgram, ...]:
    """Return the programs in the order of the page of help."""
    _ = catalogue(language).gettext
    recommended = _("as often as we recommend, every %(hours)d hours") % {"hours": HOURS}
    return (
        CalendarProgram("google", "Google Calendar", _("after 8 to 24 hours; nobody can set it")),
        CalendarProgram(
            "outlook-web",
            _("Outlook on the web, new Outlook"),
            _("after 3 to 24 hours; nobody can set it"),
        ),
        CalendarProgram("outlook-windows", _("Outlook for Windows (classic)"), recommended),
        CalendarProgram("iphone", _("iPhone and iPad"), _("as you set it; mostly when charging on Wi-Fi")),
        CalendarProgram("mac", _("Calendar on a Mac"), _("as you set it, from 5 minutes to a week")),
        CalendarProgram("thunderbird", "Thunderbird", _("after 30 minutes, or as you set it")),
        CalendarProgram("android", _("ICSx5 on Android"), _("as you set it, from 15 minutes to a week")),
        CalendarProgram("nextcloud", "Nextcloud", _("as its server is set: within hours, a day or a week")),
        CalendarProgram("gnome", _("GNOME Calendar and Evolution"), _("as you set it in Evolution")),
    )
