"""The one Jinja environment of the house: escaped by default, strict about names, sentences translated."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from templates.languages import ENGLISH, catalogue, direction, own_name, territorial
from templates.text import parted

# The files lie beside this module in the working tree and in the wheel alike.
FOLDER: Final = Path(__file__).parent


@cache
def environment(language: str = ENGLISH) -> Environment:
    """Return the environment that writes `language`; made once for each language and process.

    Templates are named by their path below this folder (`pages/home.html`). What ends in .html, .xml or .svg
    is escaped, as are templates made from strings; .txt is not. An unknown variable is an error. `_()` and
    `{% trans %}` give the sentence of the language, English where it is not translated.
    """
    made = Environment(
        loader=FileSystemLoader(FOLDER, encoding="utf-8"),
        autoescape=select_autoescape(("html", "xml", "svg"), default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # the i18n extension adds it at run time
    made.policies["ext.i18n.trimmed"] = True
    made.globals |= {"language": language, "direction": direction(language), "language_name": own_name}
    made.globals |= {"territorial": territorial, "comma": parted(["", ""], language=language)}
    return made


def render(template: str, *, language: str = ENGLISH, **values: object) -> str:
    """Return the text of one template with plain values; raises `jinja2.TemplateError` if one is missing."""
    return environment(language).get_template(template).render(values)
