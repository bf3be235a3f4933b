"""How a reading of returned mails is told: a line for each, and the numbers."""

from collections import Counter
from collections.abc import Sequence

import click

from iscm.commands.output import print_json, print_rows
from newsletter.bounces.maildir import MailRead
from newsletter.bounces.reading import Did

COLUMNS = ("mail", "did", "what", "issue", "address", "status", "said")


def tell(mails: Sequence[MailRead], *, as_json: bool) -> None:
    """Print what was done with each mail; the numbers beside it, on standard error, or all as one object."""
    rows = [
        {
            "mail": mail.name,
            "did": mail.reading.did.value,
            "what": mail.reading.what or None,
            "why": mail.reading.why.value if mail.reading.why else None,
            "issue": mail.reading.issue or None,
            "address": mail.reading.address or None,
            "status": mail.reading.status or None,
            "said": mail.reading.said,
        }
        for mail in mails
    ]
    did = Counter(mail.reading.did for mail in mails)
    ignored_by = Counter(
        mail.reading.why.value for mail in mails if mail.reading.did is Did.IGNORED and mail.reading.why
    )
    if as_json:
        print_json(
            {
                "read": len(mails) - did[Did.UNREAD],
                "counted": did[Did.COUNTED],
                "ignored": did[Did.IGNORED],
                "ignored_by": dict(sorted(ignored_by.items())),
                "duplicates": did[Did.DUPLICATE],
                "unread": did[Did.UNREAD],
                "mails": rows,
            }
        )
        return
    print_rows(rows, columns=COLUMNS, as_json=False)
    reasons = ", ".join(f"{why.replace('_', ' ')} {number}" for why, number in sorted(ignored_by.items()))
    click.echo(
        f"read: {len(mails) - did[Did.UNREAD]}, counted: {did[Did.COUNTED]}, ignored: {did[Did.IGNORED]}"
        f"{f' ({reasons})' if reasons else ''}, known already: {did[Did.DUPLICATE]}, "
        f"not read: {did[Did.UNREAD]}",
        err=True,
    )
