"""What became of each letter, as a table that outside programs read."""

import csv
from datetime import UTC
from typing import Final, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Delivery, Issue

COLUMNS: Final = ("address", "edition", "message_id", "state", "code", "at")


def write_ledger(session: Session, issue: Issue, file: TextIO) -> int:
    """Write one row for each letter of an issue, as CSV; return how many.

    `edition` is its language, `message_id` the header's value with its brackets, `code` the server's last
    reply (empty where there was none), `at` the instant of the last change in ISO 8601 (UTC).
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    columns = (
        Delivery.address,
        Delivery.language,
        Delivery.message_id,
        Delivery.state,
        Delivery.code,
        Delivery.at,
    )
    query = select(*columns).where(Delivery.issue_id == issue.id).order_by(Delivery.id)
    number = 0
    for address, language, message_id, state, code, at in session.execute(
        query.execution_options(yield_per=1000)
    ):
        moment = "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        writer.writerow((address, language, f"<{message_id}>", state, "" if code is None else code, moment))
        number += 1
    return number
