"""TXT records of DNS: read from what an operator pastes, or asked of a resolver where that is wanted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from models import Refusal

ASK_SECONDS: Final = 5.0
"""How long a resolver may take for one name, in seconds."""

_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_RECORD: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)\s+(?:\d+\s+)?(?:IN\s+)?(?:TXT|text)\b\s*=?\s*(?P<text>.*)$"
)
_BARE: Final = re.compile(r"^v=(?:DKIM1|spf1|DMARC1)\b", re.IGNORECASE)


class NoResolver(Refusal):
    """DNS cannot be asked from here."""


@dataclass(frozen=True, slots=True)
class Names:
    """The TXT records that are known.

    `by_name` has names in lower case without the last dot; `nameless` are texts that came without one.
    """

    by_name: Mapping[str, tuple[str, ...]]
    nameless: tuple[str, ...] = ()

    def at(self, name: str, *, begins: str) -> tuple[str, ...] | None:
        """Return the texts at a name, or those without one that begin so; None where none was given."""
        if name in self.by_name:
            return self.by_name[name]
        found = tuple(text for text in self.nameless if text.lower().startswith(begins.lower()))
        return found or None


def read_names(content: str) -> Names:
    """Read records as zone files, dig and nslookup write them, or the bare text of a record, one a line.

    A record in brackets may go over several lines. What is no TXT record is passed over.
    """
    by_name: dict[str, list[str]] = {}
    nameless: list[str] = []
    for line in _joined(content).splitlines():
        plain = line.strip()
        record = _RECORD.match(plain)
        text = _text(record["text"] if record else plain)
        if record:
            by_name.setdefault(record["name"].rstrip(".").lower(), []).append(text)
        elif _BARE.match(text):
            nameless.append(text)
    return Names({name: tuple(texts) for name, texts in by_name.items()}, tuple(nameless))


def ask_names(names: Iterable[str]) -> Names:
    """Ask the system's resolver for the TXT records of these names. Raises NoResolver.

    A name without any has none; that a name could not be looked up raises, for it must not look like none.
    """
    try:
        from dns import exception, resolver
    except ImportError:
        raise NoResolver(
            "DNS can be asked once the extra is installed: pip install 'iscm-service[dns]'. Or give the "
            "records: dig +noall +answer TXT NAME … > records; iscm doctor --dns records"
        ) from None
    found: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(names):
        try:
            answer = resolver.resolve(f"{name}.", "TXT", lifetime=ASK_SECONDS)
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            found[name] = ()
        except exception.DNSException as error:
            raise NoResolver(f"DNS does not answer for {name} ({type(error).__name__}).") from error
        else:
            found[name] = tuple(b"".join(row.strings).decode("utf-8", "replace") for row in answer)
    return Names(found)


def _text(written: str) -> str:
    """Return the text of a record: its strings joined, or what stands there without quotes."""
    strings = _STRING.findall(written)
    if strings:
        return "".join(re.sub(r"\\(.)", r"\1", part) for part in strings)
    return written.strip().strip("()").strip()


def _joined(content: str) -> str:
    """Put what stands in brackets on one line, and leave out comments; neither counts inside of quotes."""
    whole, depth = [], 0
    for line in content.splitlines():
        quoted = False
        for character in line if '"' in line or "(" in line or ")" in line else "":
            quoted ^= character == '"'
            if not quoted and character == ";":
                break
            depth += 0 if quoted else (character == "(") - (character == ")")
            whole.append(" " if not quoted and character in "()" else character)
        else:
            # A bare text has its semicolons without quotes; a comment has one in front.
            whole.append(
                line if not ({'"', "(", ")"} & set(line)) and not line.lstrip().startswith(";") else ""
            )
        whole.append(" " if depth > 0 else "\n")
    return "".join(whole)
