"""`iscm dkim key FILE`."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Make a key that signs mail, in a new file.

    The file is readable by its owner alone. A file that is there already is never written over.
    """
    import os

    from models.refusal import Refusal
    from newsletter.dkim.key import new_key

    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refusal(f"{file} is there already, and is kept. Name another file.") from None
    with os.fdopen(handle, "wb") as written:
        written.write(new_key())
    click.echo(
        f"{file} holds a new key. Set ISCM_DKIM_KEY_FILE to it, and ISCM_DKIM_DOMAIN and ISCM_DKIM_SELECTOR. "
        "Then run: iscm dkim record"
    )
