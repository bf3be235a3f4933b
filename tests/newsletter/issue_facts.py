"""Plain factories: facts of meetings and mechanisms, and an issue compiled from them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from models import Kind, MeetingStatus, Subscriber, SubscriberState, When
from newsletter.compile import compile_highlights
from newsletter.facts import MechanismFacts, MeetingFacts, Record, UpdateFacts
from newsletter.gathering import gather_facts
from newsletter.highlights import Highlights, Told
from newsletter.keys import Keys
from newsletter.message import Letterhead
from newsletter.options import FeedAddress, Options
from newsletter.preflight.check import Stationery
from newsletter.rendering import Imprint
from templates.countries import territory_names

SITE: Final = "https://iscm.example"
NOW: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPTIONS: Final = Options(
    base_url=SITE, feeds=(FeedAddress(name="All meetings", address=f"{SITE}/feeds/all.ics"),)
)
STATIONERY: Final = Stationery(
    imprint=Imprint(base_url=SITE, postal_address="1 Example Street, 1211 Geneva, Switzerland"),
    letterhead=Letterhead(sender="ISCM Highlights <highlights@iscm.example>", reply_to=None, base_url=SITE),
    keys=Keys("a secret of at least thirty-two letters"),
)
COUNTRIES: Final = territory_names("en")

BALI: Final = MechanismFacts(
    slug="bali-process", short_name="Bali Process", name="Bali Process on Smuggling", type="irf"
)
MIDSA: Final = MechanismFacts(
    slug="midsa",
    short_name="MIDSA",
    name="Migration Dialogue for Southern Africa",
    type="rcp",
    acronym="MIDSA",
)
DIALOGUE: Final = MechanismFacts(
    slug="abu-dhabi-dialogue",
    short_name="Abu Dhabi Dialogue",
    name="Abu Dhabi Dialogue",
    type="irf",
    acronym="ADD",
)
SERIES: Final = MechanismFacts(
    slug="grcp",
    short_name="Global ISCM Meeting",
    name="Global ISCM Meeting",
    type="global",
    acronym="GRCP",
    is_iscm=False,
)
MECHANISMS: Final = (BALI, MIDSA, DIALOGUE, SERIES)


def a_meeting(**facts: Any) -> MeetingFacts:  # noqa: ANN401 - any facts of a meeting, by name
    """A meeting held in Lusaka on 8–10 June 2017, but for what is given."""
    plain: dict[str, Any] = {
        "uid": "meeting-1",
        "slug": "midsa-20170608-plenary",
        "mechanisms": ("midsa",),
        "title": "2017 MIDSA Conference",
        "kind": Kind.PLENARY,
        "status": MeetingStatus.HELD,
        "when": When.days(date(2017, 6, 8), date(2017, 6, 10)),
        "city": "Lusaka",
        "country": "ZM",
    }
    return MeetingFacts(**plain | facts)


def an_issue(
    *meetings: MeetingFacts,
    year: int = 2017,
    now: datetime = NOW,
    options: Options = OPTIONS,
    updates: tuple[UpdateFacts, ...] = (),
    language: str = "en",
) -> Highlights:
    """An issue compiled from these meetings of four mechanisms, whose names are those of the language."""
    record = Record(
        mechanisms=tuple(replace(one, language=language) for one in MECHANISMS),
        meetings=meetings or (a_meeting(language=language),),
        updates=updates,
        countries=territory_names(language),
    )
    return compile_highlights(record, code=str(year), year=year, now=now, options=options, language=language)


def an_issue_of_the_record(session: Session, year: int, *, now: datetime = NOW) -> Highlights:
    """The issue of a year as the record has it."""
    record = gather_facts(session, year=year, today=now.date(), language="en")
    return compile_highlights(record, code=str(year), year=year, now=now, options=OPTIONS)


def node_of(tree: Highlights, key: str) -> Told:
    """The node of that key."""
    return next(node for node in tree.told() if node.key == key)


def add_readers(session: Session, number: int) -> None:
    """Add confirmed subscribers."""
    for place in range(number):
        address = f"reader{place}-{session.query(Subscriber).count()}@example.org"
        session.add(
            Subscriber(
                address=address,
                address_key=address,
                language="en",
                state=SubscriberState.CONFIRMED,
                created_at=NOW,
            )
        )
        session.flush()
