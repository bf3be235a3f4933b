"""The sending of this service, from the frozen audience to the last row of the ledger."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.senders.order import Order, told
from models import Database
from newsletter.dkim.signing import Signer
from newsletter.relay import SmtpRelay
from newsletter.sending import send_issue
from tests.letters import CODE, office_of, ready_to_send


def send(order: Order, *, signer: Signer | None = None) -> float:
    """Send an issue to so many readers; return the seconds from its beginning to its end."""
    with TemporaryDirectory(dir=order.folder) as folder:
        database = Database(f"sqlite:///{folder}/iscm.db")
        database.upgrade()
        # One é is six bytes in quoted-printable, and the letter has the padding once, in its HTML.
        ready_to_send(database, order.letters, padding=order.size)
        office = office_of(database, Path(folder), clock=lambda: datetime.now(UTC))
        office = replace(office, signer=signer)
        relay = SmtpRelay.from_url(
            f"smtp://127.0.0.1:{order.port}?starttls=never&connections={order.connections}"
        )
        begun = time.perf_counter()
        sending = asyncio.run(send_issue(office, CODE, relay=relay))
        taken = time.perf_counter() - begun
        database.close()
    if sending.counts.accepted != order.letters:
        raise SystemExit(f"{sending.counts} is not {order.letters} accepted.")
    return taken


if __name__ == "__main__":
    told(send(Order.given()))
