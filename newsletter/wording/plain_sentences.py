"""What is said of a meeting in other languages than English: short sentences from the catalogue, whole each.

English glues its fragments ("adopted the Colombo Declaration") with care for articles and endings. The record
has titles in all languages, but documents, themes and reasons in English alone, and a program that bent words
around them would bend them wrongly: so each fact is a sentence that needs no agreement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.meeting import MeetingStatus, Mode
from models.when import Precision, When
from newsletter.facts import MechanismFacts, MeetingFacts, OutcomeFacts
from newsletter.highlights import Foreign
from newsletter.wording.outcomes import document_title
from newsletter.wording.own_titles import own_title
from newsletter.wording.sentences import ANNOUNCED, has_moved
from newsletter.wording.telling import Telling
from templates.dates import written_date, written_when
from templates.languages import ENGLISH, catalogue
from templates.text import joined, parted


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTeller:
    """Tells of meetings under one mechanism's heading, in a language of the catalogues."""

    language: str
    mechanism: MechanismFacts
    mechanisms: Mapping[str, MechanismFacts]
    countries: Mapping[str, str]

    def tell(self, meeting: MeetingFacts, *, after: MeetingFacts | None = None) -> Telling:
        """Tell of a meeting; after is the senior officials' meeting that led into it."""
        title = own_title(meeting, self.mechanism, language=self.language)
        said = [self._of_both(meeting, after, title) if after else self._alone(meeting, title)]
        said += self._further(meeting, outcomes=(after.outcomes if after else ()) + meeting.outcomes)
        foreign = [
            *(
                (Foreign(words=title, language=meeting.language),)
                if meeting.language != self.language
                else ()
            ),
            *foreign_words((meeting, *((after,) if after else ())), self.language),
        ]
        return Telling(" ".join(said), title, tuple(dict.fromkeys(foreign)))

    def name(self, meeting: MeetingFacts) -> Telling:
        """Name a joint meeting that is told under another mechanism's heading."""
        _ = catalogue(self.language).gettext
        title = own_title(meeting, self.mechanism, language=self.language)
        first = self.mechanisms[meeting.mechanisms[0]]
        sentence = _("%(title)s, %(when)s (see: %(mechanism)s).") % {
            "title": title,
            "when": written_time(meeting.when, language=self.language),
            "mechanism": first.short_name,
        }
        foreign = (Foreign(words=title, language=meeting.language),)
        return Telling(sentence, title, foreign if meeting.language != self.language else ())

    def _alone(self, meeting: MeetingFacts, title: str) -> str:
        _ = catalogue(self.language).gettext
        sentence = {
            MeetingStatus.CANCELLED: _("%(title)s, announced for: %(when)s. The meeting was cancelled."),
            MeetingStatus.POSTPONED: _("%(title)s, announced for: %(when)s. The meeting was postponed."),
        }.get(meeting.status, _("%(title)s, %(when)s."))
        if meeting.status in ANNOUNCED:
            sentence = _("Announced: %(title)s, %(when)s.")
        return sentence % {"title": title, "when": self._when_and_where(meeting)}

    def _of_both(self, meeting: MeetingFacts, led_by: MeetingFacts, title: str) -> str:
        _ = catalogue(self.language).gettext
        announced = _("Announced: %(first)s, %(days)s, followed by %(title)s, %(when)s.")
        plain = _("%(first)s, %(days)s, followed by %(title)s, %(when)s.")
        return (announced if meeting.status in ANNOUNCED else plain) % {
            "first": own_title(led_by, self.mechanism, language=self.language),
            "days": written_time(led_by.when, language=self.language),
            "title": title,
            "when": self._when_and_where(meeting),
        }

    def _when_and_where(self, meeting: MeetingFacts) -> str:
        return when_and_where(meeting, self.countries, language=self.language)

    def _further(self, meeting: MeetingFacts, *, outcomes: Sequence[OutcomeFacts]) -> Iterable[str]:
        """Say, a sentence each, what else is known: who took part, what came of it, or what it was about."""
        _ = catalogue(self.language).gettext
        if meeting.reason and meeting.status in {MeetingStatus.CANCELLED, MeetingStatus.POSTPONED}:
            yield _("Reason: %(reason)s.") % {"reason": _bare(meeting.reason)}
        if has_moved(meeting) and meeting.previous_when is not None:
            yield _("First called for: %(when)s.") % {
                "when": written_time(meeting.previous_when, language=self.language)
            }
        others = [self.mechanisms[slug] for slug in meeting.mechanisms if slug != self.mechanism.slug]
        unnamed = [one.short_name for one in others if not any(name in meeting.title for name in one.names)]
        if unnamed:
            yield _("Held jointly with: %(mechanisms)s.") % {
                "mechanisms": joined(unnamed, language=self.language)
            }
        came = documents_in_words(outcomes, language=self.language)
        yield from came
        if not came and meeting.theme:
            yield _("Theme: %(theme)s.") % {"theme": _bare(meeting.theme)}


def written_time(when: When, *, language: str) -> str:
    """Write when a meeting takes place, no more exactly than is known, as something that stands by itself."""
    _ = catalogue(language).gettext
    if when.first is not None and when.last is None and when.precision in {Precision.DAY, Precision.MOMENT}:
        return _("from %(date)s (end not stated)") % {"date": written_date(when.first, language=language)}
    return written_when(when.first, when.last, precision=when.precision, language=language)


def written_place(meeting: MeetingFacts, countries: Mapping[str, str], *, language: str) -> str:
    """Write where a meeting is held; empty when it is not known."""
    _ = catalogue(language).gettext
    country = countries.get(meeting.country, meeting.country) if meeting.country else None
    spot = country or meeting.city or ""
    if country and meeting.city and meeting.city != country:
        spot = _("%(city)s, %(country)s") % {"city": meeting.city, "country": country}
    if meeting.mode is Mode.ONLINE:
        return _("online, from %(place)s") % {"place": spot} if spot else _("online")
    if meeting.mode is Mode.HYBRID and spot:
        return _("%(place)s, and online") % {"place": spot}
    return spot


def when_and_where(meeting: MeetingFacts, countries: Mapping[str, str], *, language: str) -> str:
    """Write time and place of a meeting, one after the other."""
    where = written_place(meeting, countries, language=language)
    when = written_time(meeting.when, language=language)
    return parted([when, where], language=language) if where else when


def documents_in_words(outcomes: Sequence[OutcomeFacts], *, language: str) -> list[str]:
    """Name what was adopted, endorsed, recommended, issued or expected, a sentence for each."""
    ngettext = catalogue(language).ngettext
    said = []
    for act, group in groupby(outcomes, key=lambda outcome: outcome.act or "issued"):
        titles = [document_title(outcome) for outcome in group]
        number = len(titles)
        sentence = {
            "adopted": ngettext("Document adopted: %(titles)s.", "Documents adopted: %(titles)s.", number),
            "endorsed": ngettext("Document endorsed: %(titles)s.", "Documents endorsed: %(titles)s.", number),
            "recommended": ngettext(
                "Document recommended: %(titles)s.", "Documents recommended: %(titles)s.", number
            ),
            "issued": ngettext("Document issued: %(titles)s.", "Documents issued: %(titles)s.", number),
            "expected": ngettext("Document expected: %(titles)s.", "Documents expected: %(titles)s.", number),
        }[act]
        said.append(sentence % {"titles": joined(titles, language=language)})
    return said


def foreign_words(meetings: Iterable[MeetingFacts], language: str) -> Iterable[Foreign]:
    """Yield what sentences about these meetings say in another language: documents, themes and reasons."""
    for meeting in meetings:
        for outcome in meeting.outcomes:
            if (outcome.language or ENGLISH) != language:
                yield Foreign(words=document_title(outcome), language=outcome.language or ENGLISH)
        for words in (meeting.theme, meeting.reason):
            if words and language != ENGLISH:
                yield Foreign(words=_bare(words), language=ENGLISH)


def _bare(words: str) -> str:
    return " ".join(words.split()).rstrip(".")
