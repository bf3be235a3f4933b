"""Reports from before RFC 3464, in the forms their programs promise: qmail's, and Exim's header field."""

import re
from typing import Final

from newsletter.bounces.classes import reply_of
from newsletter.bounces.delivery_status import MOST_RECIPIENTS
from newsletter.bounces.mime import Fields
from newsletter.bounces.returned import Action, Outcome

# QSBMF, "qmail-send bounce message format": the text begins so, a paragraph for each recipient begins with
# its address in brackets and a colon, and the one that begins with "-" ends the report.
_OPENINGS: Final = ("Hi. This is the", "Hi! This is the")
_REMOTE: Final = "Remote host said:"
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n")


def read_qsbmf(text: str) -> tuple[list[Outcome], str] | None:
    """Return the outcomes in a report of qmail, and the letter below it; None where the text is none."""
    if not text.lstrip().startswith(_OPENINGS):
        return None
    report, _, letter = text.partition("\n--- ")
    outcomes = []
    for paragraph in _PARAGRAPHS.split(report)[: MOST_RECIPIENTS * 2]:
        first, _, words = paragraph.strip().partition("\n")
        if first.startswith("<") and first.endswith(">:"):
            outcomes.append(_outcome(first[1:-2], words))
    return outcomes, letter.partition("\n")[2].lstrip("\n")


def read_exim(fields: Fields) -> list[Outcome]:
    """Return the outcomes that Exim's X-Failed-Recipients tells: failed for good, without the reason."""
    names = [name.strip() for value in fields.all("x-failed-recipients") for name in value.split(",")]
    return [Outcome(action=Action.FAILED, final=name) for name in names[:MOST_RECIPIENTS] if "@" in name]


def exim_reason(text: str, address: str) -> str:
    """Return what the other server said of a recipient, by the form of Exim's text: below its own line."""
    lines = text.splitlines()
    for place, line in enumerate(lines[:500]):
        if line.startswith("  ") and line.strip().lower() == address.lower():
            below = [one.strip() for one in lines[place + 1 : place + 8]]
            return next((one for one in below if reply_of(one)[0] is not None), "")
    return ""


def with_reason(outcome: Outcome, said: str) -> Outcome:
    """Return an outcome that also tells what the other server said."""
    code, status = reply_of(said)
    return Outcome(
        action=outcome.action,
        final=outcome.final,
        original=outcome.original,
        status=status,
        code=code,
        said=said[:500],
    )


def _outcome(address: str, words: str) -> Outcome:
    flat = " ".join(words.split())
    _, _, remote = flat.partition(_REMOTE)
    return with_reason(Outcome(action=Action.FAILED, final=address), (remote or flat).strip())
