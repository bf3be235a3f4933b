"""Meetings and mechanisms for tests: complete, plain, and each field can be given."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from calendar_feed.addresses import Site
from calendar_feed.facts import KnownRecord, MechanismFacts, MeetingFacts, Membership
from models.mechanism import MechanismType
from models.meeting import Kind, MeetingStatus
from models.when import When

BASE_URL = "https://iscm.example.org"
SITE = Site(BASE_URL, frozenset({"en", "fr", "es", "ar"}))
CREATED = datetime(2026, 9, 1, 10, tzinfo=UTC)
STAMP = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)

KHARTOUM = MechanismFacts(
    slug="khartoum-process",
    short_name="Khartoum Process",
    full_name="EU-Horn of Africa Migration Route Initiative (Khartoum Process)",
    type=MechanismType.IRF,
    is_iscm=True,
    names=("Khartoum Process", "EU-Horn of Africa Migration Route Initiative (Khartoum Process)"),
)
RABAT = MechanismFacts(
    slug="rabat-process",
    short_name="Rabat Process",
    full_name="Euro-African Dialogue on Migration and Development (Rabat Process)",
    type=MechanismType.IRF,
    is_iscm=True,
    names=("Rabat Process", "Euro-African Dialogue on Migration and Development (Rabat Process)"),
)
MIDSA = MechanismFacts(
    slug="midsa",
    short_name="MIDSA",
    full_name="Migration Dialogue for Southern Africa (MIDSA)",
    type=MechanismType.RCP,
    is_iscm=True,
    names=("MIDSA", "Migration Dialogue for Southern Africa (MIDSA)"),
)

GFMD = MechanismFacts(
    slug="gfmd",
    short_name="GFMD",
    full_name="Global Forum on Migration and Development (GFMD)",
    type=MechanismType.GLOBAL,
    is_iscm=True,
    names=("GFMD", "Global Forum on Migration and Development (GFMD)"),
)
KNOWN = KnownRecord(
    mechanisms={one.slug: one for one in (GFMD, KHARTOUM, MIDSA, RABAT)},
    memberships={
        "gfmd": Membership(("global",), frozenset()),
        "khartoum-process": Membership(("africa", "europe"), frozenset({"it", "et"})),
        "midsa": Membership(("africa",), frozenset({"zm"})),
        "rabat-process": Membership(("africa", "europe"), frozenset()),
    },
    regions={"africa": "Africa", "europe": "Europe", "pacific": "Pacific"},
    themes={"gcm": "Global Compact for Migration"},
    countries=("et", "it", "zm"),
    years=(2027,),
)


def days(first: str, last: str | None = None) -> When:
    """Whole days; without a last day the end is not stated."""
    return When.days(date.fromisoformat(first), date.fromisoformat(last) if last else None)


def hours(start: str, end: str | None, zone: str = "Europe/Brussels") -> When:
    """Hours on a zone's clock, each as "2027-03-17 09:30"."""
    return When.parse(start, end, zone)


def meeting(**facts: Any) -> MeetingFacts:  # noqa: ANN401 - any field of MeetingFacts
    """A confirmed ministerial of MIDSA in Lusaka on 8–10 June 2027, with other facts where given."""
    plain = MeetingFacts(
        uid="3d2b1e70-07c4-4c55-8a1e-5a4b9e0c7d02",
        slug="midsa-20270608-ministerial",
        title="8th Ministerial Meeting of MIDSA",
        kind=Kind.MINISTERIAL,
        status=MeetingStatus.CONFIRMED,
        when=days("2027-06-08", "2027-06-10"),
        created_at=CREATED,
        mechanisms=(MIDSA,),
        city="Lusaka",
        country="ZM",
    )
    return replace(plain, **facts)
