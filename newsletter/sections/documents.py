"""The documents of the year, in the order in which they came about."""

from typing import Final

from newsletter.facts import MeetingFacts, OutcomeFacts
from newsletter.highlights import DocumentNode, Link, Node
from newsletter.sections.desk import Desk
from newsletter.wording.dates import dates
from newsletter.wording.names import named_all
from newsletter.wording.outcomes import document_title
from newsletter.wording.places import place
from newsletter.wording.plain_sentences import when_and_where
from templates.languages import ENGLISH
from templates.text import joined


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when a node is made."""
    return sentence


_BY: Final = {
    "adopted": _("%(title)s. Adopted by: %(mechanisms)s, %(when)s."),
    "endorsed": _("%(title)s. Endorsed by: %(mechanisms)s, %(when)s."),
    "recommended": _("%(title)s. Recommended by: %(mechanisms)s, %(when)s."),
    "issued": _("%(title)s. Issued by: %(mechanisms)s, %(when)s."),
}


def documents_of_the_year(desk: Desk) -> tuple[Node, ...]:
    """List what was adopted, endorsed, recommended or issued, with who did so, when and where."""
    meetings = sorted(desk.meetings, key=lambda one: (str(one.when.first), one.uid))
    return tuple(
        _told(desk, meeting, outcome)
        for meeting in meetings
        for outcome in meeting.outcomes
        if outcome.act != "expected"
    )


def _told(desk: Desk, meeting: MeetingFacts, outcome: OutcomeFacts) -> DocumentNode:
    title = document_title(outcome)
    if desk.language != ENGLISH:
        return _told_plainly(desk, meeting, outcome, title)
    whose = named_all(desk.mechanisms[slug] for slug in meeting.mechanisms)
    where = place(meeting, desk.countries)
    when = f"{dates(meeting.when)}{', ' if where.startswith('online') else ' '}{where}".rstrip()
    return DocumentNode(
        key=f"document/{outcome.slug}",
        text=f"{title[:1].upper()}{title[1:]}, {outcome.act or 'issued'} by {whose}, {when}.",
        links=(Link(words=title, address=outcome.url),) if outcome.url else (),
        foreign=desk.foreign(title, outcome.language or ENGLISH),
        slug=outcome.slug,
    )


def _told_plainly(desk: Desk, meeting: MeetingFacts, outcome: OutcomeFacts, title: str) -> DocumentNode:
    sentence = _BY.get(outcome.act or "issued", _BY["issued"])
    names = [desk.mechanisms[slug].short_name for slug in meeting.mechanisms]
    text = desk.gettext(
        sentence,
        title=title,
        mechanisms=joined(names, language=desk.language),
        when=when_and_where(meeting, desk.countries, language=desk.language),
    )
    return DocumentNode(
        key=f"document/{outcome.slug}",
        text=text,
        links=(Link(words=title, address=outcome.url),) if outcome.url else (),
        foreign=desk.foreign(title, outcome.language or ENGLISH),
        slug=outcome.slug,
    )
