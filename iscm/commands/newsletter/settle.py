"""`iscm newsletter settle ISSUE`."""

import click


@click.command()
@click.argument("issue")
@click.option("--resend", "again", is_flag=True, help="Send them once more: the same bytes.")
@click.option("--assume-sent", "sent", is_flag=True, help="Count them as sent.")
@click.option("--address", "addresses", multiple=True, help="Settle only this one; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as a JSON array.")
def command(issue: str, *, again: bool, sent: bool, addresses: tuple[str, ...], as_json: bool) -> None:
    """Settle the copies of which it is not known whether they arrived.

    Without an option they are listed. A copy sent again has the same Message-ID, so many mail programs show
    it once.
    """
    from iscm.commands.context import opened
    from iscm.commands.output import print_rows
    from iscm.post_office import post_office_of
    from models.refusal import Refusal
    from newsletter.addressing import address_key, read_address
    from newsletter.course import find_issue, finish_if_done
    from newsletter.sending import recover
    from newsletter.settling import assume_sent, in_doubt, resend

    if again and sent:
        raise click.UsageError("Choose one: --resend or --assume-sent.")
    if addresses and not (again or sent):
        raise click.UsageError("Say what becomes of it: --resend or --assume-sent.")
    only = [address_key(read_address(one)) for one in addresses]
    with opened() as house:
        # What a killed sender left has to be known before it can be settled.
        recover(post_office_of(house.settings, house.database))
        with house.database.writing() as session:
            found = find_issue(session, issue, lock=True)
            if not (again or sent):
                letters = [
                    {
                        "address": letter.address,
                        "edition": letter.language,
                        "message_id": f"<{letter.message_id}>",
                        "at": letter.at,
                        "reason": letter.reply,
                    }
                    for letter in in_doubt(session, found)
                ]
                print_rows(letters, columns=("address", "edition", "at", "reason"), as_json=as_json)
                return
            act = resend if again else assume_sent
            number = act(session, found, only=only, now=house.now)
            finish_if_done(session, issue, now=house.now)
    if number == 0:
        raise Refusal(f"Nothing of issue {issue} is in doubt.")
    if again:
        click.echo(
            f"{number} wait to be sent again. `iscm serve` does it, or run: iscm newsletter send {issue}"
        )
    else:
        click.echo(f"{number} counted as sent.")
