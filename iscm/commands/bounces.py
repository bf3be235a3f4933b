"""`iscm bounces`: what comes back of the letters."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iscm.commands.field_options import as_json

if TYPE_CHECKING:
    from iscm.commands.context import House
    from newsletter.bounces.raw import RawMail

_BUSY = 75
"""EX_TEMPFAIL of sysexits.h: a mail server that pipes a mail to us keeps it, and tries again later."""


@click.group(name="bounces", no_args_is_help=True)
def command() -> None:
    """Read what comes back: reports, complaints, automatic replies."""


@command.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option(
    "--maildir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Read all that is new in this Maildir, and move it to cur. Nothing is deleted.",
)
@click.option(
    "--again", is_flag=True, help="Also those in cur, as after a restore; what counted counts once."
)
@click.option(
    "--recipient", default="", metavar="ADDRESS", help="Where the mail was delivered, as the server knows."
)
@as_json
def read(file: str | None, *, maildir: Path | None, again: bool, recipient: str, as_json: bool) -> None:
    """Read one returned mail, or those of a Maildir, and do what follows.

    Without FILE the mail is read from standard input. When it cannot be read just now, exit code 75 tells
    the mail server that pipes it to keep it.
    """
    import sys

    if maildir is not None and (file is not None or recipient):
        raise click.UsageError("Name a FILE or a --maildir, not both.")
    if again and maildir is None:
        raise click.UsageError("--again is about a --maildir.")
    if maildir is not None:
        _read_folder(maildir, again=again, as_json=as_json)
    elif file is not None and file != "-":
        _read_file(Path(file), recipient, as_json=as_json)
    elif file is None and sys.stdin.isatty():
        raise click.UsageError("Name a FILE, - for standard input, or a --maildir.")
    else:
        _read_pipe(recipient, as_json=as_json)


def _read_pipe(recipient: str, *, as_json: bool) -> None:
    import sys

    from iscm.__main__ import answer
    from newsletter.bounces.raw import read_raw

    try:
        raw = read_raw(sys.stdin.buffer)
        _read_raw(raw, "-", recipient, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - whatever it is, the mail must not be lost for it
        click.echo(f"iscm: {' '.join((answer(error)[1] or repr(error)).split())}", err=True)
        sys.exit(_BUSY)


def _read_file(path: Path, recipient: str, *, as_json: bool) -> None:
    from models.refusal import Refusal
    from newsletter.bounces.raw import read_raw

    if path.is_dir():
        raise Refusal(f"{path} is a folder. To read a Maildir: iscm bounces read --maildir {path}")
    with path.open("rb") as stream:
        raw = read_raw(stream)
    _read_raw(raw, path.name, recipient, as_json=as_json)


def _read_raw(raw: "RawMail", name: str, recipient: str, *, as_json: bool) -> None:
    from iscm.commands.bounces_told import tell
    from iscm.commands.context import opened
    from newsletter.bounces.maildir import MailRead, read_one
    from newsletter.keys import Keys

    with opened() as house:
        keys = Keys(house.settings.secret_key)
        reading = read_one(house.database, keys, raw, now=house.now, recipient=recipient)
    tell([MailRead(name, reading)], as_json=as_json)


def _counts_refused(house: "House") -> bool:
    """Count some refusals of sendings, as the clock does where it runs."""
    from newsletter.bounces.refused import count_refused
    from newsletter.keys import Keys

    with house.database.writing() as session:
        return count_refused(session, Keys(house.settings.secret_key), now=house.now) > 0


def _read_folder(folder: Path, *, again: bool, as_json: bool) -> None:
    from datetime import UTC, datetime

    from iscm.commands.bounces_told import tell
    from iscm.commands.context import opened
    from iscm.commands.output import progress
    from newsletter.bounces.maildir import read_maildir, require_maildir
    from newsletter.keys import Keys

    require_maildir(folder)
    found = []
    with opened() as house, progress("Reading", total=None) as advance:
        mails = read_maildir(
            house.database,
            Keys(house.settings.secret_key),
            folder,
            clock=lambda: datetime.now(UTC),
            again=again,
        )
        for mail in mails:
            found.append(mail)
            advance(1)
        while _counts_refused(house):
            pass
    tell(found, as_json=as_json)
    if any(mail.reading.did == "unread" for mail in found):
        raise SystemExit(1)
