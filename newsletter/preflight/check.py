"""Run every rule over an issue, and over each of its editions."""

import email
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Approval, Edition, Issue, IssueRevision, IssueState
from newsletter.addressing import BadAddress
from newsletter.audience import count_audience
from newsletter.compile import compile_highlights
from newsletter.contents import newest_revision, standing_approval, trees_of
from newsletter.dkim.signing import Signer
from newsletter.editions import edition_hash, encoded
from newsletter.fit import fitted_letter
from newsletter.gathering import gather_facts, gather_meetings
from newsletter.highlights import Highlights
from newsletter.keys import Keys
from newsletter.message import Letterhead
from newsletter.options import Options
from newsletter.preflight import content, contrast, dates, envelope, languages, site, style
from newsletter.preflight.finding import (
    Audience,
    Blocked,
    Finding,
    Inspected,
    InspectedEdition,
    Outdated,
)
from newsletter.preflight.outdated import outdated_nodes
from newsletter.preflight.overrides import with_overrides
from newsletter.rendering import Imprint, Letter
from templates.languages import ENGLISH

Rule = Callable[[Inspected], Iterator[Finding]]
EditionRule = Callable[[InspectedEdition], Iterator[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    envelope.is_not_sent_yet,
    envelope.content_is_approved,
    envelope.sender_is_one_line,
    envelope.sender_is_set,
    envelope.audience_is_the_same,
    site.links_lead_to_the_site,
    dates.dates_agree,
    languages.languages_are_there,
    style.facts_are_sure,
    style.issue_is_current,
    site.links_reach_readers,
    site.links_answer,
)
"""Rules on the whole issue, but those of time, which hold for a schedule only (newsletter.scheduling)."""

STANDING_RULES: Final[tuple[Rule, ...]] = (
    envelope.is_not_sent_yet,
    envelope.content_is_approved,
    envelope.sender_is_one_line,
    envelope.sender_is_set,
    envelope.audience_is_the_same,
    site.links_lead_to_the_site,
    dates.dates_agree,
)
"""Rules on what may have changed since an approval."""

EDITION_RULES: Final[tuple[EditionRule, ...]] = (
    content.subject_is_there,
    content.sections_are_filled,
    content.nothing_is_unresolved,
    content.parts_are_equal,
    content.size_is_kept,
    content.frame_is_whole,
    content.leaving_is_offered,
    envelope.headers_are_one_line,
    style.preheader_is_there,
    style.texts_are_fresh,
    style.words_are_chosen,
    style.links_are_plain,
    style.pictures_are_light,
    contrast.words_can_be_read,
)
"""Rules on one edition, run for each."""

NAMES: Final = frozenset(
    {
        "sent",
        "hash",
        "header",
        "sender",
        "postal_address",
        "audience",
        "base_url",
        "date",
        "translation",
        "confidence",
        "outdated",
        "loopback",
        "dead_link",
        "subject",
        "section",
        "unresolved",
        "text",
        "size",
        "lang",
        "dir",
        "alt",
        "headings",
        "unsubscribe",
        "preheader",
        "stale",
        "click_here",
        "capitals",
        "irregular",
        "https",
        "shortener",
        "tracking",
        "picture_weight",
        "contrast",
    }
)
"""What the rules call their findings; docs/preflight.md says what each means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What an issue is put on paper with.

    Its foot, its headers, and the keys its audience is counted with. leaves_the_machine says whether letters
    go to a real mail server, not only to the mailbox on this machine. signer signs trial copies. languages
    are those a reader may choose.
    """

    imprint: Imprint
    letterhead: Letterhead
    keys: Keys
    leaves_the_machine: bool = False
    signer: Signer | None = None
    languages: tuple[str, ...] = field(default=(ENGLISH,))


def check_issue(
    session: Session,
    issue: Issue,
    stationery: Stationery,
    *,
    dead_links: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Return everything the rules find, what blocks first; warnings that may stand with the reason.

    dead_links are addresses that were asked and are dead, with what was found
    (newsletter.preflight.reaching).
    """
    seen = _with_outdated(session, issue, inspected(session, issue, stationery))
    return with_overrides(session, issue, run_rules(replace(seen, dead_links=dead_links or {})))


def run_rules(issue: Inspected) -> list[Finding]:
    """Run the rules over an issue that was read before; what blocks comes first."""
    findings = [finding for rule in RULES for finding in rule(issue)]
    for edition in issue.editions:
        for edition_rule in EDITION_RULES:
            findings += [replace(found, edition=edition.language) for found in edition_rule(edition)]
    return sorted(findings, key=lambda finding: not finding.blocks)


def require_clear(session: Session, issue: Issue, stationery: Stationery) -> None:
    """Raise Blocked when a rule blocks."""
    _raise_blocking(issue, run_rules(inspected(session, issue, stationery)))


def require_approvable(session: Session, issue: Issue, stationery: Stationery) -> list[Finding]:
    """Return the warnings that no editor lets stand. Raises Blocked; an earlier approval does not count."""
    seen = _with_outdated(session, issue, inspected(session, issue, stationery, with_approval=False))
    findings = with_overrides(session, issue, run_rules(seen))
    _raise_blocking(issue, findings)
    return [finding for finding in findings if finding.overridden is None]


def _raise_blocking(issue: Issue, findings: Iterable[Finding]) -> None:
    blocking = [finding for finding in findings if finding.blocks]
    if blocking:
        raise Blocked(issue.code, blocking)


def require_startable(session: Session, issue: Issue, stationery: Stationery) -> None:
    """Raise Blocked when what may have changed since the approval blocks, at the hour of a scheduled sending.

    What was approved is sent byte for byte, so nothing is put on paper again: this takes milliseconds.
    """
    revision = newest_revision(session, issue)
    editions = tuple(
        InspectedEdition(tree=tree, letter=Letter(language=language, subject="", html="", text="", web=""))
        for language, tree in trees_of(revision).items()
    )
    seen = _with_the_record(session, issue, stationery, editions, approval=standing_approval(session, issue))
    _raise_blocking(issue, (finding for rule in STANDING_RULES for finding in rule(seen)))


def inspected(
    session: Session, issue: Issue, stationery: Stationery, *, with_approval: bool = True
) -> Inspected:
    """Read an issue as the rules see it, but for what only warns and takes a while: see `check_issue`."""
    revision = newest_revision(session, issue)
    trees = trees_of(revision)
    approval = standing_approval(session, issue) if with_approval else None
    editions = tuple(_edition(issue, tree, stationery) for tree in trees.values())
    return _with_the_record(session, issue, stationery, editions, approval=approval)


def _with_the_record(
    session: Session,
    issue: Issue,
    stationery: Stationery,
    editions: tuple[InspectedEdition, ...],
    *,
    approval: Approval | None,
) -> Inspected:
    """Put the editions beside what the record, the settings and the approval say now."""
    uids = {uid for one in editions for node in one.tree.shown_meetings() for uid in node.dates}
    return Inspected(
        editions=editions,
        languages=stationery.languages,
        meetings=gather_meetings(session, uids),
        sender=stationery.letterhead.sender,
        postal_address=stationery.imprint.postal_address,
        base_url=stationery.imprint.base_url,
        leaves_the_machine=stationery.leaves_the_machine,
        audience=Audience(
            now=count_audience(session, stationery.keys, issue=issue),
            approved=approval.audience if approval else None,
        ),
        is_frozen=_is_frozen(session, approval, newest_revision(session, issue).hash) if approval else None,
        is_sent=issue.state is IssueState.SENT,
    )


def _edition(issue: Issue, tree: Highlights, stationery: Stationery) -> InspectedEdition:
    """Read one edition; a missing sender, for which nothing can be written, is found by a rule of its own."""
    letter = fitted_letter(tree, stationery.imprint)
    letterhead = stationery.letterhead
    try:
        message = encoded(issue.code, letter, letterhead)
    except BadAddress as error:
        refused = str(error) if letterhead.sender.strip() else None
        return InspectedEdition(tree=tree, letter=letter, headers_refused=refused)
    except ValueError as error:
        refused = f"The headers of issue {issue.code} cannot be written: {error}"
        return InspectedEdition(tree=tree, letter=letter, headers_refused=refused)
    return InspectedEdition(tree=tree, letter=letter, pictures=_pictures(message))


def _pictures(message: bytes) -> dict[str, int]:
    """Return the bytes of the pictures that travel inside a message, by their names."""
    parts = [
        part for part in email.message_from_bytes(message).walk() if part.get_content_maintype() == "image"
    ]
    return {
        part.get_filename() or f"picture {number}": len(part.get_payload(decode=True) or b"")
        for number, part in enumerate(parts, start=1)
    }


def _with_outdated(session: Session, issue: Issue, seen: Inspected) -> Inspected:
    revision = newest_revision(session, issue)
    return replace(seen, outdated=tuple(_outdated(session, issue, revision, trees_of(revision))))


def _outdated(
    session: Session, issue: Issue, revision: IssueRevision, trees: Mapping[str, Highlights]
) -> Iterator[Outdated]:
    """Yield what the record would be compiled to now, as of the same day, where that is something else.

    A node that is outdated in English is not told again in other languages.
    """
    told: set[str] = set()
    for language, tree in trees.items():
        today = revision.compiled_at.date()
        now = compile_highlights(
            gather_facts(session, year=issue.year, today=today, language=language),
            code=issue.code,
            year=issue.year,
            now=revision.compiled_at,
            options=Options.from_json(revision.options),
            language=language,
        )
        for node in outdated_nodes(tree, now):
            if node.key not in told:
                told.add(node.key)
                yield replace(node, edition=language)


def _is_frozen(session: Session, approval: Approval, revision_hash: str) -> bool:
    """Say whether the newest content is the approved one, and its editions are as they were frozen."""
    editions = session.scalars(select(Edition).where(Edition.approval_id == approval.id)).all()
    return (
        approval.hash == revision_hash
        and bool(editions)
        and all(edition.hash == edition_hash(edition) for edition in editions)
    )
