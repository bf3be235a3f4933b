"""`iscm subscribers`: who receives the letter."""

import click

from iscm.commands.subscribers_import import import_
from iscm.commands.subscribers_person import erase, export, hand_over, leave, suppress


@click.group(name="subscribers", no_args_is_help=True)
def command() -> None:
    """Keep the readers of the letter."""


@command.command()
@click.argument("address")
@click.option("--language", default="en", metavar="CODE", help="The language of their letter.")
@click.option("--confirmed", is_flag=True, help="They have consented already; without it they are asked.")
@click.option("--name", help="Their name.")
@click.option("--organisation", help="Where they work.")
@click.option("--post", help="The post they hold.")
@click.option("--circulation", is_flag=True, help="They receive it for their post, as by --kind circulation.")
@click.option(
    "--kind",
    type=click.Choice(["subscription", "circulation"]),
    default="subscription",
    help="Why they receive it: their own wish, or the post they hold.",
)
@click.option("--source", default="command line", help="Where the consent was given; kept with it.")
def add(
    address: str,
    *,
    language: str,
    name: str | None,
    organisation: str | None,
    post: str | None,
    kind: str,
    circulation: bool,
    source: str,
    confirmed: bool,
) -> None:
    """Add one reader, or with --circulation a post that receives the letter ex officio, without being asked.

    Who left, bounced or is suppressed is not added: only they themselves can come back, by signing up.
    """
    from iscm.commands.context import opened
    from models import RecipientKind, Refusal
    from newsletter.importing import BadRow, NewReader, Taken, add_reader, read_language
    from newsletter.keys import Keys
    from newsletter.staying_away import why_away, why_known

    is_post = circulation or kind == RecipientKind.CIRCULATION
    if post and not is_post:
        raise click.UsageError("--post is for a circulation recipient. Add --circulation.")
    with opened() as house:
        try:
            language = read_language(language, house.settings.languages)
        except BadRow:
            raise click.BadParameter(
                f"choose among {', '.join(house.settings.languages)}", param_hint="--language"
            ) from None
        reader = NewReader(
            address=address,
            language=language,
            name=name,
            organisation=organisation,
            post=post,
            kind=RecipientKind.CIRCULATION if is_post else RecipientKind.SUBSCRIPTION,
        )
        keys = Keys(house.settings.secret_key)
        with house.database.writing() as session:
            taken = add_reader(session, keys, reader, is_confirmed=confirmed, source=source, now=house.now)
            known = why_known(session, address) if taken is Taken.ALREADY else ""
            away = why_away(session, keys, address) if taken is Taken.KEPT_UNSUBSCRIBED else ""
    if known or away:
        raise Refusal(known or away)
    asked = "" if confirmed or is_post else ", who is asked by mail to confirm it"
    click.echo(f"Added {address}{asked}.")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_(*, as_json: bool) -> None:
    """List all readers, whatever their state."""
    from iscm.commands.context import opened
    from iscm.commands.output import print_rows
    from newsletter.readers_file import COLUMNS, all_readers

    with opened() as house, house.database.reading() as session:
        rows = [{column: getattr(reader, column) for column in COLUMNS} for reader in all_readers(session)]
    print_rows(
        rows,
        columns=("address", "language", "state", "kind", "name", "organisation", "post"),
        as_json=as_json,
    )


command.add_command(import_)
for _act in (export, erase, leave, suppress, hand_over):
    command.add_command(_act)
