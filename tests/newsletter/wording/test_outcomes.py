"""What came of a meeting and what it was about, with the articles that read aloud."""

import pytest

from newsletter.facts import OutcomeFacts
from newsletter.wording.outcomes import about, came_of_it, document, expected


def _document(title: str, act: str | None = "adopted") -> OutcomeFacts:
    return OutcomeFacts(slug="x", title=title, act=act)


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Colombo Declaration", "the Colombo Declaration"),
        ("Co-Chairs' Statement", "a Co-Chairs' Statement"),
        ("Extraordinary Declaration", "an Extraordinary Declaration"),
        ("Declaration for a regional migration agenda", "a Declaration for a regional migration agenda"),
        ("Communiqué of the 20th Conference", "the Communiqué of the 20th Conference"),
        ("2014 Communiqué", "the 2014 Communiqué"),
        ("ARCP positions on the two global compacts", "ARCP positions on the two global compacts"),
        ("Istanbul Commitments and Call for Action", "the Istanbul Commitments and Call for Action"),
        ("40 recommendations adopted by Ministers", "40 recommendations"),
        ("The Brasília Declaration", "the Brasília Declaration"),
        ("Declaración de Brasilia sobre las migraciones", "“Declaración de Brasilia sobre las migraciones”"),
    ],
)
def test_document_takes_the_article_its_title_needs(title: str, read: str) -> None:
    """One document is "the", a sort of document "a", several have none."""
    assert document(_document(title)) == read


def test_outcomes_are_told_by_what_was_done_with_them() -> None:
    """Documents with one verb share it; what was only expected is told apart."""
    documents = (
        _document("Rome Declaration"),
        _document("Rome Programme"),
        _document("Chair's Summary", "issued"),
        _document("Charter", "expected"),
    )
    assert (
        came_of_it(documents)
        == "adopted the Rome Declaration and the Rome Programme and issued a Chair's Summary"
    )
    assert expected(documents) == "the Charter"
    assert came_of_it(()) == ""
    assert came_of_it([_document("Report of the meeting", None)]) == "issued the Report of the meeting"


@pytest.mark.parametrize(
    ("theme", "read"),
    [
        ("Migrant vulnerabilities and integration needs", "on migrant vulnerabilities and integration needs"),
        ("ISCMs and the Global Compact for Migration", "on ISCMs and the Global Compact for Migration"),
        ("Addressing Challenges Together", "on “Addressing Challenges Together”"),
        ("Together we build the Blue Pacific", "on “Together we build the Blue Pacific”"),
        ("Impact of free movement", "on the impact of free movement"),
        ("The impact of climate change", "on the impact of climate change"),
        ("Free movement and trade nexus in the AfCFTA", "on the free movement and trade nexus in the AfCFTA"),
        (
            "West African recommendations for the Global Compact for Migration",
            "on West African recommendations for the Global Compact for Migration",
        ),
        ("African integration", "on African integration"),
        ("Kenya's asylum law", "on Kenya's asylum law"),
        (
            "International Migration Review Forum: an opportunity",
            "on the International Migration Review Forum: an opportunity",
        ),
        ("Migration and the SDGs: role of ISCMs", "on migration and the SDGs: role of ISCMs"),
        (
            "Visas, return, follow-up to the New York Declaration.",
            "on visas, return and follow-up to the New York Declaration",
        ),
        ("15 years of cooperation", "on 15 years of cooperation"),
    ],
)
def test_theme_reads_as_a_subject_or_is_quoted_as_a_motto(theme: str, read: str) -> None:
    """A subject loses its capital, unless it is a name; a motto keeps its own and its marks."""
    assert about(theme) == read
