"""The mechanisms that met in the year, each under its name, and the global meeting of them all."""

from newsletter.facts import MechanismFacts, MeetingFacts
from newsletter.highlights import Heading, Node
from newsletter.layout import laid_out
from newsletter.sections.desk import Desk
from newsletter.sections.telling import teller_of
from newsletter.wording.names import heading
from newsletter.wording.sentences import leads_into
from templates.words import word


def mechanisms_of_the_year(desk: Desk) -> tuple[Node, ...]:
    """Tell of every mechanism that met, was to meet or shared a meeting, in the order of the layout."""
    ordered = [one for one in desk.mechanisms.values() if one.is_iscm]
    nodes = [
        node
        for place, mechanism in enumerate(ordered, start=1)
        for node in _of_mechanism(desk, mechanism, place=place)
    ]
    return laid_out(nodes, desk.options.layout, language=desk.language)


def global_meeting(desk: Desk) -> tuple[Node, ...]:
    """Tell of the meetings of the event series that are not mechanisms (GRCP)."""
    series = (one for one in desk.mechanisms.values() if not one.is_iscm)
    return tuple(node for mechanism in series for node in _of_mechanism(desk, mechanism))


def _of_mechanism(desk: Desk, mechanism: MechanismFacts, *, place: int = 0) -> tuple[Node, ...]:
    """Tell of a mechanism's meetings, under its heading where it has a place among the others."""
    meetings = [one for one in desk.meetings if mechanism.slug in one.mechanisms]
    if not meetings:
        return ()
    teller = teller_of(desk, mechanism)
    own = [one for one in meetings if one.mechanisms[0] == mechanism.slug]
    led = _officials_before(own)
    shared = {officials.uid for officials in led.values()}
    nodes: list[Node] = []
    if place:
        nodes.append(_heading(desk, mechanism, place))
    for meeting in meetings:
        if meeting.uid in shared:
            continue
        if meeting.mechanisms[0] != mechanism.slug:
            nodes.append(desk.meeting_node(meeting, teller.name(meeting), role=f"named/{mechanism.slug}"))
            continue
        after = led.get(meeting.uid)
        telling = teller.tell(meeting, after=after)
        nodes.append(desk.meeting_node(meeting, telling, role="told", after=after))
    return tuple(nodes)


def _heading(desk: Desk, mechanism: MechanismFacts, place: int) -> Heading:
    return Heading(
        key=f"mechanism/{mechanism.slug}",
        text=heading(mechanism),
        type=mechanism.type,
        label=word("type", mechanism.type, language=desk.language) if mechanism.is_iscm else "",
        address=desk.page(f"/mechanisms/{mechanism.slug}"),
        place=place,
        language=mechanism.language if mechanism.language != desk.language else "",
    )


def _officials_before(meetings: list[MeetingFacts]) -> dict[str, MeetingFacts]:
    """Find the senior officials' meeting that leads into each ministerial one, by the latter's UID.

    None twice.
    """
    found: dict[str, MeetingFacts] = {}
    for meeting in meetings:
        taken = {officials.uid for officials in found.values()}
        for officials in meetings:
            if officials.uid not in taken and leads_into(officials, meeting):
                found[meeting.uid] = officials
                break
    return found
