"""Each rule of the preflight, with a case that trips it; a sound issue trips none."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models import Confidence, MeetingStatus, When
from newsletter.facts import MeetingFacts
from newsletter.highlights import EditorsText, Foreign, Highlights, ToldT
from newsletter.preflight.check import NAMES, run_rules
from newsletter.preflight.finding import Audience, Inspected, InspectedEdition, Outdated
from newsletter.rendering import Letter, render_letter
from tests.newsletter.issue_facts import SITE, STATIONERY, a_meeting, an_issue, node_of

KEY = "meeting/meeting-1/told"
LOOPBACK = "[Site](http://127.0.0.1:8000/x), [site](http://localhost/), [site](http://[::1]:8000/)."
Change = Callable[[Inspected], Inspected]


def _inspected(tree: Highlights | None = None, *meetings: MeetingFacts) -> Inspected:
    tree = tree or an_issue()
    return Inspected(
        editions=(InspectedEdition(tree=tree, letter=render_letter(tree, STATIONERY.imprint)),),
        languages=("en",),
        meetings={meeting.uid: meeting for meeting in meetings or (a_meeting(),)},
        sender=STATIONERY.letterhead.sender,
        postal_address=STATIONERY.imprint.postal_address,
        base_url=STATIONERY.imprint.base_url,
        audience=Audience(now=100, approved=100),
        is_frozen=True,
    )


def _edited(key: str, text: str) -> Inspected:
    tree = an_issue()
    source = node_of(tree, key).source_hash
    return _inspected(tree.with_texts({key: EditorsText(text=text, source_hash=source)}))


def _rules(issue: Inspected, *, blocks: bool) -> set[str]:
    return {finding.rule for finding in run_rules(issue) if finding.blocks is blocks}


def _letter(change: Callable[[Letter], Letter]) -> Inspected:
    (edition,) = _inspected().editions
    return replace(_inspected(), editions=(replace(edition, letter=change(edition.letter)),))


def _edition(**facts: Any) -> Inspected:  # noqa: ANN401 - any facts of an edition, by name
    (edition,) = _inspected().editions
    return replace(_inspected(), editions=(replace(edition, **facts),))


def _html(old: str, new: str) -> Inspected:
    def change(letter: Letter) -> Letter:
        assert old in letter.html
        return replace(letter, html=letter.html.replace(old, new))

    return _letter(change)


def _in_french(**changes: Any) -> Inspected:  # noqa: ANN401 - any field of a node
    """A sound issue in two languages, of which the French one has a changed sentence about the meeting."""

    def changed(node: ToldT) -> ToldT:
        return replace(node, **changes) if node.key == KEY else node

    english = _inspected()
    tree = an_issue(language="fr").mapped(changed)
    french = InspectedEdition(tree=tree, letter=render_letter(tree, STATIONERY.imprint))
    return replace(english, editions=(*english.editions, french), languages=("en", "fr"))


def _off(key: str) -> Inspected:
    tree = an_issue()
    return _inspected(
        replace(tree, sections=tuple(replace(one, is_on=one.key != key) for one in tree.sections))
    )


def test_sound_issue_trips_nothing() -> None:
    """No rule blocks or warns without a reason."""
    assert run_rules(_inspected()) == []


@pytest.mark.parametrize(
    ("issue", "rule"),
    [
        (_edited("issue/subject", ""), "subject"),
        (_edited("foreword/text", "Dear {{ name }}, hello"), "unresolved"),
        (_edited("issue/subject", "Highlights {{ year }}"), "unresolved"),
        (_edited("foreword/text", "Dear OTHER~TOKEN~SLOT"), "unresolved"),
        (_edited("issue/subject", "Highlights UNSUBSCRIBE~TOKEN~SLOT"), "unresolved"),
        (_off("mechanisms"), "section"),
        (_inspected(an_issue(year=1999)), "section"),
        (_letter(lambda letter: replace(letter, text="")), "text unsubscribe"),
        (_letter(lambda letter: replace(letter, text=letter.text.replace("Lusaka", "Ndola"))), "text"),
        (_html("Lusaka", "Ndola"), "text"),
        (_html("</body>", f"<!--{'x' * 102_400}--></body>"), "size"),
        (_html("</body>", '<img src="x.png"></body>'), "alt"),
        (_html(' lang="en"', ""), "lang"),
        (_html(' dir="ltr"', ""), "dir"),
        (_html("/u/UNSUBSCRIBE~TOKEN~SLOT", "/u/"), "unsubscribe"),
        (
            _letter(lambda letter: replace(letter, text=letter.text.replace("/u/UNSUB", "/UNSUB"))),
            "unsubscribe",
        ),
        (_edited("issue/subject", "Highlights\nBcc: everybody@example.org"), "header"),
        (_edition(headers_refused="The header From does not fit."), "header"),
        (replace(_inspected(), sender="ISCM\r\nBcc: x@example.org <a@example.org>"), "header"),
        (replace(_inspected(), sender=""), "sender"),
        (replace(_inspected(), postal_address=" "), "postal_address"),
        (replace(_inspected(), audience=Audience(now=0)), "audience"),
        (replace(_inspected(), audience=Audience(now=111, approved=100)), "audience"),
        (replace(_inspected(), audience=Audience(now=89, approved=100)), "audience"),
        (replace(_inspected(), is_frozen=False), "hash"),
        (replace(_inspected(), is_sent=True), "sent"),
        (replace(_inspected(), base_url="https://other.example"), "base_url"),
        (replace(_inspected(), base_url=f"{SITE}/below"), "base_url"),
        (replace(_inspected(), base_url=SITE.removesuffix("e")), "base_url"),
        (_inspected(None, a_meeting(when=When.parse("2017-06-09", "2017-06-10"))), "date"),
        (_inspected(None, a_meeting(uid="another")), "date"),
        (_inspected(None, a_meeting(status=MeetingStatus.CANCELLED)), "date"),
        (_edited(KEY, "The conference met on 11–12 June 2017."), "date"),
        (_edited(KEY, "The conference met on 31 June 2017."), "date"),
        (_edited(KEY, "The conference met in July 2017."), "date"),
    ],
)
def test_rule_blocks_its_case_and_no_other_does(issue: Inspected, rule: str) -> None:
    """Each blocking rule of the preflight stops what it is for."""
    assert _rules(issue, blocks=True) == set(rule.split())


@pytest.mark.parametrize("now", [90, 100, 110])
def test_audience_may_change_by_a_tenth(now: int) -> None:
    """People come and go between approval and sending."""
    assert run_rules(replace(_inspected(), audience=Audience(now=now, approved=100))) == []


@pytest.mark.parametrize(
    "text",
    [
        "The conference met on 8–10 June 2017.",
        "The conference met from 8 to 10 June 2017.",
        "The conference met from 8 June 2017 to 10 June 2017.",
        "The conference met in June 2017.",
        "The conference met and adopted nothing.",
        "It met on 8 June – 10 June 2017.",
    ],
)
def test_editors_date_that_agrees_is_no_matter(text: str) -> None:
    """In any of the ways people write it, or not at all."""
    assert run_rules(_edited(KEY, text)) == []


def test_editors_further_date_only_warns() -> None:
    """A text that has the meeting's date may name another event's too."""
    issue = _edited(KEY, "The conference met on 8–10 June 2017, after the talks of 2 May 2016.")
    assert (_rules(issue, blocks=True), _rules(issue, blocks=False)) == (set(), {"date"})


def test_another_date_beside_a_meetings_title_warns_in_any_text() -> None:
    """The foreword may name a meeting; with a date that is not its own, an editor should look again."""
    title, agrees, differs = a_meeting().title, "on 8–10 June 2017", "on 11–12 June 2017"
    assert run_rules(_edited("foreword/text", f"The {title} met {agrees}. All met {differs}.")) == []
    (found,) = run_rules(_edited("foreword/text", f"We are glad. The *{title}* met {differs}. So it was."))
    assert (found.rule, found.blocks, found.node) == ("date", False, "foreword/text")
    assert found.evidence == f"The {title} met {differs}."


@pytest.mark.parametrize(
    ("issue", "rule"),
    [
        (_html("</body>", f"<!--{'x' * 75_000}--></body>"), None),
        (_html("</body>", f"<!--{'x' * 88_000}--></body>"), "size"),
        (_html("<h2", "<h4"), "headings"),
        (replace(_edited("foreword/text", LOOPBACK), leaves_the_machine=True), "loopback https"),
        (_edited("foreword/text", LOOPBACK), "https"),
        (replace(_inspected(), outdated=(Outdated("x", "It met.", "It moved."),)), "outdated"),
        (_edited("issue/preheader", ""), "preheader"),
        (_edited("foreword/text", "[Click here](https://o.example) to read."), "click_here"),
        (_edited("foreword/text", "THIS YEAR MANY THINGS HAVE CHANGED, dear readers."), "capitals"),
        (_edited("foreword/text", "On illegal migration."), "irregular"),
        (_edited("foreword/text", "Sur la migration illégale."), "irregular"),
        (_edited("foreword/text", "Sobre los migrantes ilegales."), "irregular"),
        (_edited("foreword/text", "عن الهجرة غير الشرعية."), "irregular"),
        (_edited("foreword/text", "[Cliquez ici](https://o.example) pour lire."), "click_here"),
        (_edited("foreword/text", "[Haga clic aquí](https://o.example)."), "click_here"),
        (_edited("foreword/text", "[اضغط هنا](https://o.example)"), "click_here"),
        (_edited("foreword/text", "CETTE ANNÉE BEAUCOUP DÉJÀ CHANGÉ, chers lecteurs."), "capitals"),
        (_html("color:#16212b", "color:#b0b0b0"), "contrast"),
        (_html("color: #e6ebef !important", "color: #33404a !important"), "contrast"),
        (_edition(pictures={"map.png": 150_001}), "picture_weight"),
        (_edition(pictures={"map.png": 150_000, "timeline.png": 150_000, "x.png": 1}), "picture_weight"),
        (replace(_inspected(), languages=("en", "fr")), "translation"),
        (_in_french(foreign=(Foreign(words="Lusaka", language="en"),)), "translation"),
        (_in_french(edited="It met and adopted nothing.", edited_in="en"), "translation"),
        (
            replace(
                _edited("foreword/text", "[Site](https://dead.example/x)."),
                dead_links={"https://dead.example/x": "the answer is 404, not found"},
            ),
            "dead_link",
        ),
        (_edited("foreword/text", "[Site](http://o.example)."), "https"),
        (_edited("foreword/text", "[Site](https://bit.ly/x)."), "shortener"),
        (_edited("foreword/text", "[Site](https://o.example/?a=1&utm_source=x)."), "tracking"),
        (_inspected(None, a_meeting(confidence=Confidence.LOW, notes="Year inferred.")), "confidence"),
        (_inspected(an_issue().with_texts({KEY: EditorsText(text="It met.", source_hash="old")})), "stale"),
    ],
)
def test_rule_warns_and_stops_nothing(issue: Inspected, rule: str | None) -> None:
    """A warning is told with the place it is about; nothing blocks."""
    assert (_rules(issue, blocks=True), _rules(issue, blocks=False)) == (
        set(),
        set(rule.split()) if rule else set(),
    )


def test_loopback_links_are_counted() -> None:
    """Each spelling of this machine; an address elsewhere is none."""
    issue = replace(_edited("foreword/text", LOOPBACK), leaves_the_machine=True)
    assert [str(finding) for finding in run_rules(issue) if finding.rule == "loopback"] == [
        (
            "3 link(s) lead to this machine, where readers cannot come. Set ISCM_BASE_URL and compile again: "
            "iscm newsletter compile 2017 (http://127.0.0.1:8000/x; foreword/text; en.txt line 12)"
        )
    ]


def test_findings_say_where() -> None:
    """The sentence a person reads has the evidence in it, and what blocks comes first."""
    issue = replace(
        _inspected(None, a_meeting(confidence=Confidence.LOW, notes="Year inferred.")),
        audience=Audience(now=0),
    )
    assert [str(finding) for finding in run_rules(issue)] == [
        "Nobody would receive it: there is no confirmed subscriber.",
        (
            "The record is not sure (low confidence): The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia. "  # noqa: E501 - a sentence stands whole
            "(Year inferred.; meeting/meeting-1/told)"
        ),
    ]


def test_issue_in_two_languages_trips_nothing() -> None:
    """Every rule holds for every edition."""
    assert run_rules(_in_french()) == []


def test_edition_is_named_with_node_line_and_bytes() -> None:
    """What is wrong in one edition alone is told of that one, where it stands."""
    issue = _in_french(edited="MANY LONG WORDS SHOUTED\n\nDear readers.")
    (found,) = run_rules(issue)
    text = issue.editions[1].letter.text.splitlines()
    assert (found.rule, found.edition, found.node, found.evidence) == (
        "capitals",
        "fr",
        KEY,
        "MANY LONG WORDS SHOUTED",
    )
    assert found.line is not None
    assert "MANY LONG WORDS SHOUTED" in text[found.line - 1]
    (large,) = run_rules(_html("</body>", f"<!--{'x' * 102_400}--></body>"))
    assert large.size is not None
    assert large.size > 102_400
    assert f"{large.size:,} bytes" in large.sentence


@pytest.mark.parametrize(
    ("language", "agrees", "differs"),
    [
        ("fr", "La conférence s’est tenue du 8 au 10 juin 2017.", "Elle s’est tenue le 1er juin 2017."),
        ("es", "La conferencia se celebró del 8 al 10 de junio de 2017.", "Fue el 9 de julio de 2017."),
        ("ar", "عُقد المؤتمر في 8–10 يونيو 2017.", "عُقد المؤتمر في ٨ حزيران ٢٠١٦."),
    ],
)
def test_dates_are_compared_in_each_language(language: str, agrees: str, differs: str) -> None:
    """As each language writes them, Arabic figures and the months of the Levant too."""

    def issue(text: str) -> Inspected:
        tree = an_issue(language=language).with_texts({KEY: EditorsText(text=text, source_hash=None)})
        edition = InspectedEdition(tree=tree, letter=render_letter(tree, STATIONERY.imprint))
        sound = _inspected()
        return replace(sound, editions=(*sound.editions, edition), languages=("en", language))

    assert run_rules(issue(agrees)) == []
    assert [(found.rule, found.blocks, found.edition) for found in run_rules(issue(differs))] == [
        ("date", True, language)
    ]


def test_every_rule_has_a_name_that_is_explained() -> None:
    """docs/preflight.md has a line for each rule, and for nothing else; no finding has another name."""
    page = (Path(__file__).parents[3] / "docs" / "preflight.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == NAMES
