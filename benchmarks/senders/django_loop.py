"""Django's mail loop as its manual shows it: one open connection, an EmailMessage for each reader."""

import time

import django  # type: ignore[import-not-found] # it has an environment of its own
from django.conf import settings  # type: ignore[import-not-found] # as above
from django.core import mail  # type: ignore[import-not-found] # as above

from benchmarks.senders.order import Order, told


def _send(order: Order) -> float:
    settings.configure(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=order.port,
    )
    django.setup()
    begun = time.perf_counter()
    with mail.get_connection() as connection:
        for number in range(order.letters):
            mail.EmailMessage(
                "ISCM Highlights 2026",
                order.text,
                "highlights@iscm.example",
                [f"reader{number}@example.org"],
                connection=connection,
            ).send()
    return time.perf_counter() - begun


if __name__ == "__main__":
    told(_send(Order.given()))
