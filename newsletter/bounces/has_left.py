"""Whether an automatic reply says that a person has left the post, in the languages of our readers.

A hint for an editor, who reads the reply; nothing else follows from it. So the phrases are few and plain, and
none of them is what people write when they are away for a while.
"""

import html
import re
import unicodedata
from typing import Final

LOOKED_AT: Final = 8_000
"""Characters of a reply that are read: what matters stands at its beginning."""

_BODIES: Final = (
    "organi[sz]ation|company|ministry|mission|post|position|department|embassy|secretariat|agency|unit"
)
_ENGLISH: Final = (
    r"no longer (?:works?|working|employed|with|at|in|part of|holds?|holding)\b",
    r"no longer (?:serves?|serving|assigned|stationed|posted)\b",
    r"no longer (?:the|our|your) (?:\w+ )?(?:focal point|contact)",
    rf"\b(?:has|have|had) (?:now )?left (?:the |this |our |my )?(?:\w+ )?(?:{_BODIES})\b",
    r"\b(?:has|have) (?:retired|resigned|changed jobs|been (?:replaced|transferred|reassigned|posted to))\b",
    r"\b(?:has|have) (?:taken up (?:a|another|new)|moved (?:on )?to (?:a new|another))\b",
    r"\bmy (?:successor|replacement)\b",
    r"\b(?:assignment|posting|tour of duty|tenure|contract|term) (?:\w+ ){0,6}(?:ended|come to an end)",
    r"\b(?:mailbox|address|account) is no longer (?:\w+ )?(?:monitored|in use|active|used|valid|read)\b",
)
_FRENCH: Final = (
    r"\bne (?:travaill\w+|fai\w+|exerc\w+) plus\b",
    r"\bn'occup\w+ plus\b",
    r"\bn'(?:est|suis) plus (?:en poste|en fonction|employe|joignable a cette adresse|au sein)",
    r"\b(?:a|ai) (?:definitivement )?quitte (?:le|la|les|l'|mes|ses|son|mon|ce|cette|notre)\b",
    r"\b(?:pris [sm]a retraite|a la retraite)\b",
    r"\b(?:mon|son) successeur\b|\bremplacee? par\b",
    r"\bmission (?:a pris fin|est terminee)\b",
    r"\bcette (?:adresse|boite)\b.{0,40}\bn'est plus (?:utilisee|active|valide|consultee|relevee)",
)
_SPANISH: Final = (
    r"\bya no (?:trabaj\w+|labor\w+|form\w+ parte|ocup\w+|prest\w+|desempen\w+|pertene\w+)",
    r"\bya no est[oa]\w* (?:en|a cargo)",
    r"\b(?:ha|he) dejado (?:de (?:trabajar|laborar|formar)|(?:el|[ms]u?i?) (?:cargo|puesto))",
    r"\bdejo (?:el|su) (?:cargo|puesto)\b",
    r"\bse (?:ha jubilado|jubilo)\b|\bme he jubilado\b|\b(?:ha|he) cesado en\b",
    r"\bmi sucesora?\b",
    r"\beste (?:correo|buzon)\b.{0,40}\bya no (?:esta|se)\b",
)
_ARABIC: Final = (
    r"لم يعد (?:يعمل|موظفا|في منصبه|يشغل)",
    r"لم تعد (?:تعمل|تشغل)",
    r"لم اعد (?:اعمل|اشغل|في)",
    r"(?:غادر|غادرت|ترك|تركت) (?:العمل|المنصب|الوظيفة|منصب\w+|الوزارة|البعثة|المنظمة)",
    r"(?:تقاعد|تقاعدت) (?:من|عن|في)\b|احيل الي التقاعد",
    r"انتهت (?:مهمتي|مهمته|مهمتها|فترة عمل\w+)",
)
# Portuguese, Italian, German, Russian, Turkish, Chinese.
_OTHERS: Final = (
    r"\bnao (?:trabalh\w+|exerc\w+) mais\b|\bja nao (?:trabalh\w+|exerc\w+)|\bdeixou (?:o cargo|a funcao)",
    r"\bnon (?:lavor\w+ piu|e piu in servizio)",
    r"\bnicht mehr (?:bei|fur|im dienst|tatig)\b|\barbeite\w* nicht mehr\b",
    r"\bausgeschieden\b|\bim ruhestand\b|\bmein\w* nachfolger",
    r"(?:больше не работа|уволил|покинул\w? (?:пост|должность)|выш(?:ел|ла) на пенсию)",
    r"(?:artik .{0,40}calismiyor|gore(?:vinden|vimden) ayril|emekli ol)",
    r"(?:已离职|已離職|已退休|不再任职|不再任職|已调离)",
)
_SAID: Final = re.compile("|".join((*_ENGLISH, *_FRENCH, *_SPANISH, *_ARABIC, *_OTHERS)))

_TAG: Final = re.compile(r"<(?:style|script)\b[^<]*</(?:style|script)\s*>|<[^<>]{0,2000}>", re.IGNORECASE)
_ALIKE: Final = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "ی": "ي", "ى": "ي", "ı": "i", "ß": "ss", "ـ": None}
)


def says_has_left(text: str) -> bool:
    """Tell whether a reply's own words, without the letter it quotes, say that a person left for good."""
    own = "\n".join(line for line in text[:LOOKED_AT].splitlines() if not line.lstrip().startswith(">"))
    return _SAID.search(_plain(own)) is not None


def without_tags(text: str) -> str:
    """Return the words of an HTML part."""
    return html.unescape(_TAG.sub(" ", text[: LOOKED_AT * 8]))


def _plain(text: str) -> str:
    """Return text in which spellings of the same words are equal: no capitals, accents or double blanks."""
    letters = unicodedata.normalize("NFKD", text.translate(_ALIKE).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split())
