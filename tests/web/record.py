"""Plain factories for the records that pages show."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from models import Mechanism, Meeting, Update, When
from models.mechanism import MechanismStatus, MechanismType
from models.meeting import Kind, MeetingMechanism, MeetingStatus
from models.update import DayMeans, UpdateKind, UpdateMechanism
from tests.web.visitor import NOW


def a_mechanism(session: Session, slug: str = "lima-process", **facts: object) -> Mechanism:
    """Keep a mechanism; what is not given is plausible."""
    mechanism = Mechanism(
        slug=slug,
        name=facts.pop("name", f"{slug.replace('-', ' ').title()} on Migration"),
        short_name=facts.pop("short_name", slug.replace("-", " ").title()),
        type=facts.pop("type", MechanismType.RCP),
        status=facts.pop("status", MechanismStatus.ACTIVE),
        **facts,
    )
    session.add(mechanism)
    session.flush()
    return mechanism


def a_meeting(
    session: Session,
    *mechanisms: Mechanism,
    slug: str = "a-meeting",
    when: When | None = None,
    **facts: object,
) -> Meeting:
    """Keep a meeting of some mechanisms; by default on 8 to 10 June 2027."""
    meeting = Meeting(
        uid=f"uid-of-{slug}",
        slug=slug,
        title=facts.pop("title", slug.replace("-", " ").capitalize()),
        kind=facts.pop("kind", Kind.MINISTERIAL),
        status=facts.pop("status", MeetingStatus.CONFIRMED),
        when=when or When.days(date(2027, 6, 8), date(2027, 6, 10)),
        created_at=NOW,
        **facts,
    )
    meeting.places = [MeetingMechanism(mechanism=mechanism) for mechanism in mechanisms]
    session.add(meeting)
    session.flush()
    return meeting


def an_update(session: Session, *mechanisms: Mechanism, slug: str = "an-update", **facts: object) -> Update:
    """Keep an update about some mechanisms; by default of 1 June 2026."""
    update = Update(
        slug=slug,
        day=facts.pop("day", date(2026, 6, 1)),
        day_means=DayMeans.EVENT,
        kind=UpdateKind.OUTCOME,
        title=facts.pop("title", slug.replace("-", " ").capitalize()),
        created_at=facts.pop("created_at", datetime(2026, 6, 2, 0, 0, tzinfo=NOW.tzinfo)),
        **facts,
    )
    update.places = [UpdateMechanism(mechanism=mechanism) for mechanism in mechanisms]
    session.add(update)
    session.flush()
    return update
