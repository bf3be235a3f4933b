"""A mail server of the test's own, that can be slow, can hold letters back, and keeps what it accepted."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.journeys.house import Mail, free_port


@dataclass
class PostOffice:
    """Accepts mail on loopback, each letter in so many `seconds`."""

    seconds: float = 0.0
    mails: list[Mail] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take a port; nothing listens yet."""
        self._accepted_until_held: int | None = None
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=10)

    @property
    def url(self) -> str:
        """The address, as ISCM_SMTP_URL takes it."""
        return f"smtp://127.0.0.1:{self._controller.port}?starttls=never"

    def __enter__(self) -> Self:
        """Open."""
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, whatever is held."""
        self.release()
        self._controller.stop(no_assert=True)

    def hold(self, *, after: int = 0) -> None:
        """Accept so many more letters, then let every further one wait for an answer until `release`."""
        self._accepted_until_held = len(self.mails) + after

    def release(self) -> None:
        """Answer those that wait, and everyone after them."""
        self._accepted_until_held = None

    def recipients(self) -> list[str]:
        """To whom mails were accepted, sorted, as often as they were."""
        return sorted(mail.recipient for mail in self.mails)

    def twice(self) -> set[str]:
        """Who got more than one."""
        return {address for address, number in Counter(self.recipients()).items() if number > 1}

    def _is_held(self) -> bool:
        most = self._accepted_until_held
        return most is not None and len(self.mails) >= most

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, ARG002, N802 - aiosmtpd calls it so
        """Take one letter, in its time."""
        (recipient,) = envelope.rcpt_tos
        self.under_way.add(recipient)
        try:
            await asyncio.sleep(self.seconds)
            while self._is_held():  # noqa: ASYNC110 - it is let go from another thread
                await asyncio.sleep(0.01)
        finally:
            self.under_way.discard(recipient)
        self.mails.append(Mail.read(envelope.original_content, arrived=time.time(), recipient=recipient))
        return "250 2.0.0 Accepted"
