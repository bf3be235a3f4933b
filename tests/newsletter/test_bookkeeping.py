"""What one sender holds: as much as it needs, so that another machine finds letters to send too."""

import asyncio
from pathlib import Path

from models import Database, DeliveryState
from newsletter.bookkeeping import BATCH, Bookkeeper
from newsletter.claims import Held
from newsletter.course import begin_sending
from newsletter.journal import Journal
from tests.letters import CODE, HEAD, KEYS, NOW, office_of, ready_to_send, states

CONNECTIONS = 8


def test_connections_that_begin_together_share_one_claim(database: Database, tmp_path: Path) -> None:
    """Each gets a letter of the first one's batch; what is beyond it is left for other senders."""
    ready_to_send(database, 3 * BATCH)
    with database.writing() as session:
        issue = begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW).id

    async def begin() -> tuple[list[Held | None], list[DeliveryState]]:
        book = Bookkeeper(
            office_of(database, tmp_path),
            issue_id=issue,
            owner="one",
            journal=Journal.begin(tmp_path, "one"),
            progress=lambda _ended: None,
        )
        taken = await asyncio.gather(*(book.take(lambda _held: True) for _ in range(CONNECTIONS)))
        held = list(states(database).values())
        await book.close()
        return list(taken), held

    taken, held = asyncio.run(begin())
    assert len({one.id for one in taken if one is not None}) == CONNECTIONS
    assert held.count(DeliveryState.CLAIMED) == BATCH
    assert set(states(database).values()) == {DeliveryState.PENDING}
