"""`iscm subscribers export|erase|leave|suppress|hand-over`: what is done about one person or post."""

import click


@click.command()
@click.argument("address", required=False)
@click.option("--of", "of", metavar="ADDRESS", help="Of one person; the same as the argument.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; of one person it always is.")
def export(address: str | None, *, of: str | None, as_json: bool) -> None:
    """Print all readers as CSV, or all that is kept about one person as JSON.

    Of a person that is their entry, consents, former addresses, letters with all that happened to them, other
    mails, tasks and reports of errors; nothing of who held their post before.
    """
    import sys

    from iscm.commands.context import opened
    from iscm.commands.output import print_json, print_rows
    from newsletter.keys import Keys
    from newsletter.own_data import export as export_one
    from newsletter.readers_file import COLUMNS, all_readers, write_readers

    if address and of and address != of:
        raise click.UsageError("Give one address.")
    person = of or address
    with opened() as house, house.database.reading() as session:
        if person is not None:
            print_json(export_one(session, Keys(house.settings.secret_key), person))
        elif as_json:
            rows = [{column: getattr(one, column) for column in COLUMNS} for one in all_readers(session)]
            print_rows(rows, columns=COLUMNS, as_json=True)
        else:
            write_readers(session, sys.stdout)


@click.command()
@click.argument("address")
def erase(address: str) -> None:
    """Forget a reader for good: their row, their consents, their address in every ledger.

    Only a keyed hash stays, so that no import brings the address back.
    """
    from iscm.commands.context import opened
    from newsletter.erasure import erase as erase_one
    from newsletter.keys import Keys

    with opened() as house, house.database.writing() as session:
        erase_one(session, Keys(house.settings.secret_key), address, now=house.now)
    click.echo(f"Nothing is kept about {address} but the mark that it is never written to.")


@click.command()
@click.argument("address")
def leave(address: str) -> None:
    """Take a reader off who asked for it by word or letter, as their own click would.

    They can come back by signing up. A letter that waits for them is not sent.
    """
    from iscm.commands.context import opened
    from newsletter.erasure import find_reader, nothing_kept
    from newsletter.keys import Keys
    from newsletter.subscription import leave_reader

    with opened() as house, house.database.writing() as session:
        keys = Keys(house.settings.secret_key)
        reader = find_reader(session, address)
        if reader is None:
            raise nothing_kept(session, keys, address)
        leave_reader(session, keys, reader, source=f"command line, by {house.editor}", now=house.now)
    click.echo(f"No letter is sent to {address} any more.")


@click.command()
@click.argument("address")
def suppress(address: str) -> None:
    """Never write to an address again, known or not, even if it signs up.

    For who only asked to be taken off, use leave: they may change their mind.
    """
    from iscm.commands.context import opened
    from models import SuppressionReason
    from newsletter.addressing import address_key, read_address
    from newsletter.keys import Keys
    from newsletter.suppression import suppress as suppress_key

    with opened() as house, house.database.writing() as session:
        key = address_key(read_address(address))
        reason = SuppressionReason.EDITOR
        suppress_key(session, Keys(house.settings.secret_key), key, reason=reason, now=house.now)
    click.echo(f"Nothing is sent to {address} any more, whatever happens.")


@click.command(name="hand-over")
@click.argument("old")
@click.argument("new")
@click.option("--name", help="The name of who holds the post now.")
@click.option("--language", metavar="CODE", help="The language of their letter. Default: as before.")
def hand_over(old: str, new: str, *, name: str | None, language: str | None) -> None:
    """Let the letters of a post go to who holds it now, at the address NEW.

    The post, its organisation and its history stay, and OLD gets no further letter, nor does an import bring
    it back. NEW is told by mail, with a link that ends the letter.
    """
    from iscm.commands.context import opened
    from newsletter.importing import read_language
    from newsletter.keys import Keys
    from newsletter.posts import hand_over as hand_over_post

    with opened() as house, house.database.writing() as session:
        post = hand_over_post(
            session,
            Keys(house.settings.secret_key),
            old,
            new,
            name=name,
            language=read_language(language, house.settings.languages) if language else None,
            source=f"command line, by {house.editor}",
            now=house.now,
        )
        what = ", ".join(part for part in (post.post, post.organisation) if part) or "The post"
    click.echo(f"{what}: letters go to {new}, who is told by mail, and no longer to {old}.")
