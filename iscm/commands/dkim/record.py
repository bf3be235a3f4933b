"""`iscm dkim record`."""

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object: name, type, value, zone_line.")
def command(*, as_json: bool) -> None:
    """Print the DNS record to publish for the key of the settings.

    Name and text as forms of DNS providers ask for them, then the same as a line of a zone file.
    """
    from iscm.commands.output import print_json
    from iscm.settings import load_settings
    from iscm.signing import signer_of
    from models.refusal import Refusal
    from newsletter.dkim.key import record_name, zone_line

    signer = signer_of(load_settings())
    if signer is None:
        raise Refusal(
            "No key is set. Make one with: iscm dkim key FILE. Then set ISCM_DKIM_KEY_FILE, ISCM_DKIM_DOMAIN "
            "and ISCM_DKIM_SELECTOR."
        )
    name, value = record_name(selector=signer.selector, domain=signer.domain), signer.key.record
    line = zone_line(name, value)
    if as_json:
        print_json({"name": name, "type": "TXT", "value": value, "zone_line": line})
        return
    click.echo(f"name   {name}\ntype   TXT\nvalue  {value}\n\n{line}")
