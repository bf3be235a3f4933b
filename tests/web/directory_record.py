"""Plain factories for what the pages of mechanisms, States and themes show besides meetings and updates."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from models import Update, When
from models.document import Document, DocumentKind
from models.mechanism import Mechanism, MechanismStatus, MechanismType
from models.meeting import Kind, Meeting, MeetingMechanism, MeetingStatus
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from models.update import DayMeans, UpdateKind, UpdateMechanism
from models.vocabulary import Region, Theme, ThemeFamily
from tests.web.visitor import NOW


def a_document(session: Session, slug: str, **facts: object) -> Document:
    """Keep a document; what is not given is plausible."""
    document = Document(
        slug=slug, title=slug.replace("-", " ").capitalize(), kind=DocumentKind.DECLARATION, **facts
    )
    session.add(document)
    session.flush()
    return document


def a_state(session: Session, code: str) -> Participant:
    """Keep a State or territory as a participant."""
    state = Participant(kind=ParticipantKind.STATE, code=code, name=f"The State {code}")
    session.add(state)
    session.flush()
    return state


def takes_part(
    mechanism: Mechanism,
    state: Participant,
    *,
    role: ParticipantRole = ParticipantRole.MEMBER,
    as_of: str | None = None,
) -> None:
    """Let a State take part in a mechanism, whose list of States is known from then on."""
    mechanism.states_known = True
    mechanism.participations.append(Participation(participant=state, role=role, as_of=as_of))


def a_theme(session: Session, slug: str, family: ThemeFamily = ThemeFamily.OTHER) -> Theme:
    """Keep a theme; it stands behind those kept before it."""
    theme = Theme(slug=slug, name=slug.capitalize(), family=family, position=session.query(Theme).count())
    session.add(theme)
    session.flush()
    return theme


def a_region(session: Session, slug: str) -> Region:
    """Keep a region; it stands behind those kept before it."""
    region = Region(slug=slug, name=slug.capitalize(), position=session.query(Region).count())
    session.add(region)
    session.flush()
    return region


def many_of_everything(
    session: Session,
    numbers: Iterable[int],
    *,
    regions: Sequence[Region] = (),
    themes: Sequence[Theme] = (),
    state: Participant | None = None,
) -> None:
    """Keep for each number a mechanism, a past and a coming meeting, a document and an update, all tagged.

    The State takes part in each mechanism, and the past meetings were there.
    """
    tags = list(themes)
    for number in numbers:
        mechanism = Mechanism(
            slug=f"process-{number}",
            name=f"Process {number}",
            short_name=f"Process {number}",
            type=MechanismType.RCP,
            status=MechanismStatus.ACTIVE,
            regions=list(regions),
            theme_tags=tags,
        )
        if state:
            takes_part(mechanism, state)
        for word, when in (("past", When.days(date(2026, 1, 1), None)), ("coming", When.month(2027, 5))):
            meeting = Meeting(
                uid=f"uid-of-{word}-{number}",
                slug=f"{word}-{number}",
                title=f"{word} {number}",
                kind=Kind.PLENARY,
                status=MeetingStatus.PLANNED,
                when=when,
                country=state.code if state else None,
                theme_tags=tags,
                created_at=NOW,
                places=[MeetingMechanism(mechanism=mechanism)],
            )
            session.add(meeting)
        session.add(
            Document(
                slug=f"document-{number}",
                title=f"Document {number}",
                kind=DocumentKind.REPORT,
                theme_tags=tags,
                own_mechanisms=[mechanism],
            )
        )
        session.add(
            Update(
                slug=f"update-{number}",
                day=date(2026, 1, 1),
                day_means=DayMeans.EVENT,
                kind=UpdateKind.OUTCOME,
                title=f"Update {number}",
                created_at=NOW,
                theme_tags=tags,
                places=[UpdateMechanism(mechanism=mechanism)],
            )
        )
    session.flush()
