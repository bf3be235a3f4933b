"""axe-core in the page a browser shows: what somebody who cannot see or point would stumble over."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Page

SCRIPT: Final = (files("axe_playwright_python") / "axe.min.js").read_text()
# Best practices are counted too, not only what WCAG demands; findings that are minor are left to taste.
_RUN: Final = """rules => axe.run(rules.length ? {runOnly: rules} : {resultTypes: ['violations']})
  .then(found => found.violations)"""
COLOURS: Final = ("color-contrast", "link-in-text-block")
"""The rules whose answer depends on colours."""

SIZES: Final = ("target-size",)
"""The rules whose answer depends on the width; axe leaves them out unless they are named."""


def above_minor(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds by these rules (all where none is named), a line each: rule, weight, places."""
    # The page's own policy refuses a script that does not come from the site; evaluating goes past it.
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN, list(rules))
    return [
        f"{one['id']} ({one['impact']}): {[node['target'] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] != "minor"
    ]
