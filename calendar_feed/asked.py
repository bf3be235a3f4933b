"""What is asked for by a feed's address: a key, in a language, in a variant, in a form."""

import re
from dataclasses import dataclass
from enum import StrEnum

from calendar_feed.variants import Variant
from templates.languages import ENGLISH


class Form(StrEnum):
    """The forms of a feed, by the ending of its address."""

    ICS = "ics"
    JSON = "json"
    JCAL = "jcal"
    CSV = "csv"
    ATOM = "atom"


_WORDS = "|".join(Variant)
_ASKED = re.compile(
    r"(?:/(?P<language>[a-z]{2}))?/feeds/"
    rf"(?:v/(?P<words>(?:(?:{_WORDS})/)+))?"
    rf"(?P<key>(?!v/)[^.]+)\.(?P<form>{'|'.join(Form)})"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One feed as somebody wants it. `variants` stand in their order, each once."""

    key: str
    language: str = ENGLISH
    variants: tuple[Variant, ...] = ()
    form: Form = Form.ICS

    @property
    def address(self) -> str:
        """The one address of it on the site: `/feeds/type/rcp.ics`, `/fr/feeds/v/busy/utc/all.json`."""
        prefix = "" if self.language == ENGLISH else f"/{self.language}"
        words = "".join(f"/{variant}" for variant in self.variants)
        return f"{prefix}/feeds{'/v' if words else ''}{words}/{self.key}.{self.form}"

    @property
    def is_stored(self) -> bool:
        """Whether its bytes stand on record as they are: every other one is made of those."""
        return not self.variants and self.form is Form.ICS

    @property
    def file_name(self) -> str:
        """The name a saved copy gets: `iscm-rcp.ics`, `iscm-zm-busy-fr.csv`."""
        parts = ["iscm", self.key.rpartition("/")[2], *self.variants]
        if self.language != ENGLISH:
            parts.append(self.language)
        return f"{'-'.join(parts)}.{self.form}"


def asked_for(address: str) -> Asked | None:
    """Read an address below `/feeds/`; None where it is that of no feed there could be.

    Words of variants may stand in any order here, and twice; English may have its prefix.
    """
    found = _ASKED.fullmatch(address)
    if found is None:
        return None
    words = {Variant(word) for word in (found["words"] or "").split("/") if word}
    return Asked(
        key=found["key"],
        language=found["language"] or ENGLISH,
        variants=tuple(sorted(words)),
        form=Form(found["form"]),
    )
