"""Plain factories for what the pages of mechanisms, States and themes show besides meetings and updates."""

from sqlalchemy.orm import Session

from models.document import Document, DocumentKind
from models.mechanism import Mechanism
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from models.vocabulary import Region, Theme, ThemeFamily


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
