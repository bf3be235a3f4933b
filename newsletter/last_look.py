"""The last look before each letter: whether its reader is still one, and its issue still goes on.

There is one for every letter, so it is made cheap: connections that ask at the same time share one query, and
the queries share one connection, each a transaction of its own that sees what was committed before it. SQLite
tells in microseconds whether anybody has committed anything since; while nobody has, what was seen holds.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from models import Database
from newsletter.claims import Held, Permission, RawSights, look_again, look_at_all, permission_of, read_sight

# Letters are sent nearly in the order of their numbers: those long before the one asked for have ended.
_BEFORE: Final = 64


class LastLook:
    """One sender's looks. All methods belong to one event loop; the queries run in a thread beside it."""

    def __init__(self, database: Database, *, owner: str, clock: Callable[[], datetime]) -> None:
        """Connects when it is first used."""
        self._database = database
        self._owner = owner
        self._clock = clock
        self._connection: Connection | None = None
        self._seen: RawSights = {}
        self._seen_from = 0
        self._seen_at_version: int | None = None
        self._asked: list[tuple[Held, asyncio.Future[Permission]]] = []
        self._answering: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sending-looks")

    async def permission(self, held: Held) -> Permission:
        """Tell whether the letter of a held row may be sent at this moment."""
        if self._answering is None and self._seen_at_version is not None:
            # Nobody uses the connection now. This reads shared memory and waits for no lock and no disk.
            if self._version() != self._seen_at_version:
                self._seen_at_version = None
            elif held.id >= self._seen_from:
                return self._permission(held)
        future: asyncio.Future[Permission] = asyncio.get_running_loop().create_future()
        self._asked.append((held, future))
        if self._answering is None:
            self._answering = asyncio.create_task(self._answer())
        return await future

    async def close(self) -> None:
        """Wait for a look that is under way, and let go of the connection."""
        if self._answering is not None:
            await asyncio.wait([self._answering])
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    async def _answer(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, []
            held = [one for one, _ in asked]
            try:
                found = await asyncio.get_running_loop().run_in_executor(self._thread, self._look, held)
            except Exception as error:  # noqa: BLE001 - whoever asked is told, whatever it was
                for _, future in asked:
                    if not future.done():
                        future.set_exception(error)
                continue
            for one, future in asked:
                if not future.done():
                    future.set_result(found[one.id])
        self._answering = None

    def _look(self, held: list[Held]) -> dict[int, Permission]:
        if self._connection is None:
            self._connection = self._database.engine.connect()
            if not self._database.is_sqlite:
                # One statement needs no BEGIN and no ROLLBACK: over a network each is a round trip.
                self._connection = self._connection.execution_options(isolation_level="AUTOCOMMIT")
        if not self._database.is_sqlite:
            with Session(bind=self._connection) as session:
                return look_again(session, held, owner=self._owner, now=self._clock())
        # The version first: what is committed between the two is looked at again.
        version = self._version()
        first = min(one.id for one in held) - _BEFORE
        with Session(bind=self._connection) as session:
            self._seen = look_at_all(session, owner=self._owner, first=first)
        self._seen_at_version, self._seen_from = version, first
        return {one.id: self._permission(one) for one in held}

    def _permission(self, held: Held) -> Permission:
        return permission_of(held, read_sight(self._seen.get(held.id)), now=self._clock())

    def _version(self) -> int | None:
        """Return a number that is another one once any other connection has committed."""
        driver = self._connection.connection.driver_connection if self._connection is not None else None
        if driver is None:
            return None
        version: int = driver.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
