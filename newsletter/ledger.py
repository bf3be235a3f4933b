"""What became of each letter, as a table that outside programs read, and that can be checked without us."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Approval, Delivery, DeliveryEvent, Issue, Report
from newsletter.chain import FORM, anchor_text, first_link, next_link, seal
from newsletter.course import approved_editions
from newsletter.deliveries import count
from newsletter.keys import Keys

FACTS: Final = ("address", "edition", "message_id", "state", "code", "at")
LATER: Final = "reports"
NUMBER, LINK, ANCHOR, SEAL = "number", "chain", "anchor", "seal"
COLUMNS: Final = (*FACTS, LATER, NUMBER, LINK, ANCHOR, SEAL)

_PORTION: Final = 2000


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a ledger has, and the last link of its chain (empty without a row)."""

    rows: int
    last_link: str


def write_ledger(session: Session, issue: Issue, file: TextIO, *, keys: Keys, now: datetime) -> Written:
    """Write one row for each letter of an issue, as CSV; return how many, and where the chain ends.

    `edition` is its language, `message_id` the header's value with its brackets, `code` the server's last
    reply (empty where there was none), `at` the instant of the last change in ISO 8601 (UTC), `reports` what
    was told of it afterwards, such as "bounced 5.1.1 2026-12-15T08:00:00Z". `number` counts the rows and
    `chain` links each to the one before. `anchor` stands in the first row, `seal` in the last (see chain.py).

    Memory stays flat whatever the number of letters. Raises NotSendable when an edition that was sent is no
    longer what was approved. The session must see one state of the database throughout (Database.reading).
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    if issue.candidates is None:
        return Written(0, "")
    anchor = anchor_text(_anchor(session, issue, now=now))
    link, number = first_link(anchor), 0
    held: list[str] = []
    for facts in _rows(session, issue):
        if held:
            writer.writerow((*held, ""))
        number += 1
        values = [*facts, str(number)]
        link = next_link(link, values)
        held = [*values, link, anchor if number == 1 else ""]
    if not held:
        return Written(0, "")
    writer.writerow((*held, seal(keys, link)))
    return Written(number, link)


def _anchor(session: Session, issue: Issue, *, now: datetime) -> dict[str, Any]:
    """Return what the rows are bound to: the issue, what was approved, and its numbers."""
    editions = approved_editions(session, issue)
    approval = session.get(Approval, editions[0].approval_id)
    return {
        "form": FORM,
        "issue": issue.code,
        "approved": None if approval is None else approval.hash,
        "editions": {edition.language: edition.hash for edition in editions},
        "exported_at": _moment(now),
        **asdict(count(session, issue)),
    }


def _rows(session: Session, issue: Issue) -> Iterator[list[str]]:
    """Yield what is said of each letter, in the order of their numbers, a portion at a time."""
    columns = (
        Delivery.id,
        Delivery.address,
        Delivery.language,
        Delivery.message_id,
        Delivery.state,
        Delivery.code,
        Delivery.at,
    )
    query = select(*columns).where(Delivery.issue_id == issue.id).order_by(Delivery.id).limit(_PORTION)
    last = 0
    while portion := session.execute(query.where(Delivery.id > last)).all():
        reports = _reports(session, first=portion[0][0], last=portion[-1][0])
        for key, address, language, message_id, state, code, at in portion:
            yield [
                address,
                language,
                f"<{message_id}>",
                state.value,
                "" if code is None else str(code),
                "" if at is None else _moment(at),
                "; ".join(reports.get(key, ())),
            ]
        last = portion[-1][0]


def _reports(session: Session, *, first: int, last: int) -> Mapping[int, Sequence[str]]:
    """Return what reports told of the letters of a portion, by delivery."""
    told: dict[int, list[str]] = {}
    query = (
        select(DeliveryEvent.delivery_id, DeliveryEvent.event, DeliveryEvent.status, DeliveryEvent.at)
        # Of letters between these of another issue too, perhaps, which nobody asks for.
        .where(
            DeliveryEvent.delivery_id.between(first, last),
            DeliveryEvent.event.in_([one.value for one in Report]),
        )
        .order_by(DeliveryEvent.id)
    )
    for delivery, event, status, at in session.execute(query):
        words = [event, status, _moment(at)]
        told.setdefault(delivery, []).append(" ".join(word for word in words if word))
    return told


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
