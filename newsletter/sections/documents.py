"""The documents of the year, in the order in which they came about."""

from newsletter.facts import MeetingFacts, OutcomeFacts
from newsletter.highlights import DocumentNode, Link, Node
from newsletter.sections.desk import Desk
from newsletter.wording.dates import dates
from newsletter.wording.names import named_all
from newsletter.wording.outcomes import document_title
from newsletter.wording.places import place


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
    whose = named_all(desk.mechanisms[slug] for slug in meeting.mechanisms)
    where = place(meeting, desk.countries)
    when = f"{dates(meeting.when)}{', ' if where.startswith('online') else ' '}{where}".rstrip()
    return DocumentNode(
        key=f"document/{outcome.slug}",
        text=f"{title[:1].upper()}{title[1:]}, {outcome.act or 'issued'} by {whose}, {when}.",
        links=(Link(words=title, address=outcome.url),) if outcome.url else (),
        slug=outcome.slug,
    )
