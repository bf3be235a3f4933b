"""A finding of the preflight as commands print it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.preflight.finding import Finding


def finding_line(finding: "Finding") -> str:
    """Return what a rule found in one line, with the reason where an editor lets it stand."""
    where = f" in {finding.edition}" if finding.edition else ""
    if finding.overridden is not None:
        kept = finding.overridden
        return (
            f"may stand{where}: [{finding.rule}] {finding} {kept.editor}, {kept.at:%Y-%m-%d}: {kept.reason}"
        )
    return f"{'blocks' if finding.blocks else 'warns'}{where}: [{finding.rule}] {finding}"
