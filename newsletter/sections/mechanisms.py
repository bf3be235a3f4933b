"""The mechanisms that met in the year, each under its name, and the global meeting of them all."""

from collections.abc import Iterable
from typing import Final

from newsletter.facts import MechanismFacts, MeetingFacts
from newsletter.highlights import Heading, Node
from newsletter.options import Layout
from newsletter.sections.desk import Desk
from newsletter.wording.names import heading, type_label
from newsletter.wording.sentences import Teller, leads_into

_TYPES: Final = ("rcp", "irf", "global")


def mechanisms_of_the_year(desk: Desk) -> tuple[Node, ...]:
    """Tell of every mechanism that met, was to meet or shared a meeting, in one alphabetical order.

    The layout by type keeps that order inside each type.
    """
    ordered: Iterable[MechanismFacts] = (one for one in desk.mechanisms.values() if one.is_iscm)
    if desk.options.layout is Layout.BY_TYPE:
        ordered = sorted(ordered, key=lambda mechanism: _TYPES.index(mechanism.type))
    return tuple(node for mechanism in ordered for node in _of_mechanism(desk, mechanism, with_heading=True))


def global_meeting(desk: Desk) -> tuple[Node, ...]:
    """Tell of the meetings of the event series that are not mechanisms (GRCP)."""
    series = (one for one in desk.mechanisms.values() if not one.is_iscm)
    return tuple(node for mechanism in series for node in _of_mechanism(desk, mechanism, with_heading=False))


def _of_mechanism(desk: Desk, mechanism: MechanismFacts, *, with_heading: bool) -> tuple[Node, ...]:
    meetings = [one for one in desk.meetings if mechanism.slug in one.mechanisms]
    if not meetings:
        return ()
    teller = Teller(mechanism=mechanism, mechanisms=desk.mechanisms, countries=desk.countries)
    own = [one for one in meetings if one.mechanisms[0] == mechanism.slug]
    led = _officials_before(own)
    shared = {officials.uid for officials in led.values()}
    nodes: list[Node] = []
    if with_heading:
        nodes.append(
            Heading(
                key=f"mechanism/{mechanism.slug}",
                text=heading(mechanism),
                type=mechanism.type,
                label=type_label(mechanism),
                address=f"{desk.base_url}/mechanisms/{mechanism.slug}",
            )
        )
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
