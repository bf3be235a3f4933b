"""Run every rule over an issue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Approval, Edition, Issue, IssueRevision, IssueState
from newsletter.addressing import BadAddress
from newsletter.audience import count_audience
from newsletter.compile import compile_highlights
from newsletter.contents import newest_revision, standing_approval, tree_of
from newsletter.dkim.signing import Signer
from newsletter.editions import edition_hash, encoded
from newsletter.fit import fitted_letter
from newsletter.gathering import gather_facts, gather_meetings
from newsletter.highlights import Highlights
from newsletter.keys import Keys
from newsletter.message import Letterhead
from newsletter.options import Options
from newsletter.preflight import content, dates, envelope, site, style
from newsletter.preflight.finding import Audience, Blocked, Finding, Inspected, Outdated
from newsletter.preflight.outdated import outdated_nodes
from newsletter.rendering import Imprint, Letter

Rule = Callable[[Inspected], Iterator[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    envelope.is_not_sent_yet,
    envelope.content_is_approved,
    content.subject_is_there,
    content.sections_are_filled,
    content.nothing_is_unresolved,
    content.parts_are_equal,
    content.size_is_kept,
    content.frame_is_whole,
    content.leaving_is_offered,
    site.links_lead_to_the_site,
    envelope.headers_are_one_line,
    envelope.sender_is_set,
    envelope.audience_is_the_same,
    dates.dates_agree,
    style.preheader_is_there,
    style.facts_are_sure,
    style.issue_is_current,
    style.texts_are_fresh,
    style.words_are_chosen,
    style.links_are_plain,
    site.links_reach_readers,
)
"""Every rule but those of time, which hold for a schedule only (newsletter.scheduling)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What an issue is put on paper with.

    Its foot, its headers, and the keys its audience is counted with. leaves_the_machine says whether letters
    go to a real mail server, not only to the mailbox on this machine. signer signs trial copies.
    """

    imprint: Imprint
    letterhead: Letterhead
    keys: Keys
    leaves_the_machine: bool = False
    signer: Signer | None = None


def check_issue(session: Session, issue: Issue, stationery: Stationery) -> list[Finding]:
    """Return everything the rules find, what blocks first."""
    return run_rules(inspected(session, issue, stationery))


def run_rules(issue: Inspected) -> list[Finding]:
    """Run the rules over an issue that was read before; what blocks comes first."""
    findings = [finding for rule in RULES for finding in rule(issue)]
    return sorted(findings, key=lambda finding: not finding.blocks)


def require_clear(
    session: Session, issue: Issue, stationery: Stationery, *, is_new_approval: bool = False
) -> None:
    """Raise Blocked when a rule blocks. For a new approval it does not matter what an earlier one said."""
    seen = inspected(session, issue, stationery, with_approval=not is_new_approval)
    blocking = [finding for finding in run_rules(seen) if finding.blocks]
    if blocking:
        raise Blocked(issue.code, blocking)


def inspected(
    session: Session, issue: Issue, stationery: Stationery, *, with_approval: bool = True
) -> Inspected:
    """Read an issue as the rules see it."""
    revision = newest_revision(session, issue)
    tree = tree_of(revision)
    letter = fitted_letter(tree, stationery.imprint)
    approval = standing_approval(session, issue) if with_approval else None
    uids = {uid for node in tree.shown_meetings() for uid in node.dates}
    return Inspected(
        tree=tree,
        letter=letter,
        meetings=gather_meetings(session, uids),
        sender=stationery.letterhead.sender,
        postal_address=stationery.imprint.postal_address,
        base_url=stationery.imprint.base_url,
        leaves_the_machine=stationery.leaves_the_machine,
        audience=Audience(
            now=count_audience(session, stationery.keys), approved=approval.audience if approval else None
        ),
        outdated=_outdated(session, issue, revision, tree),
        headers_refused=_refused(issue, letter, stationery.letterhead),
        is_frozen=_is_frozen(session, approval, revision.hash) if approval else None,
        is_sent=issue.state is IssueState.SENT,
    )


def _outdated(
    session: Session, issue: Issue, revision: IssueRevision, tree: Highlights
) -> tuple[Outdated, ...]:
    """Return what the record would be compiled to now, as of the same day, where that is something else."""
    today = revision.compiled_at.date()
    record = gather_facts(session, year=issue.year, today=today, language=tree.language)
    now = compile_highlights(
        record,
        code=issue.code,
        year=issue.year,
        now=revision.compiled_at,
        options=Options.from_json(revision.options),
    )
    return outdated_nodes(tree, now)


def _refused(issue: Issue, letter: Letter, letterhead: Letterhead) -> str | None:
    """Say why the message cannot be written; a missing sender is found by a rule of its own."""
    try:
        encoded(issue.code, letter, letterhead)
    except BadAddress as error:
        return str(error) if letterhead.sender.strip() else None
    except ValueError as error:
        return f"The headers of issue {issue.code} cannot be written: {error}"
    return None


def _is_frozen(session: Session, approval: Approval, revision_hash: str) -> bool:
    """Say whether the newest content is the approved one, and its editions are as they were frozen."""
    editions = session.scalars(select(Edition).where(Edition.approval_id == approval.id)).all()
    return (
        approval.hash == revision_hash
        and bool(editions)
        and all(edition.hash == edition_hash(edition) for edition in editions)
    )
