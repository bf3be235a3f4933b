"""A long list page by page."""

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from templates.environment import environment
from web.paging import PageLink, paging


def asked(query: str, path: str = "/updates") -> Request:
    """A request as the server hands it in."""
    return Request(
        {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    )


def test_paging_in_the_middle_leads_both_ways_and_keeps_the_other_values() -> None:
    """Each address has what else was asked for, and the first page has no number."""
    found = paging(asked("kind=gcm&page=3&year=2024"), total=95, size=20)
    assert (found.number, found.last, found.offset) == (3, 5, 40)
    assert found.canonical == "/updates?kind=gcm&year=2024&page=3"
    assert (found.first, found.previous, found.next, found.final) == (
        "/updates?kind=gcm&year=2024",
        "/updates?kind=gcm&year=2024&page=2",
        "/updates?kind=gcm&year=2024&page=4",
        "/updates?kind=gcm&year=2024&page=5",
    )


def test_paging_without_a_number_or_with_the_first_is_the_plain_address() -> None:
    """`page=1` shows the same as no page, under one canonical address."""
    for query in ("", "page=1"):
        found = paging(asked(query), total=40, size=20)
        assert (found.number, found.canonical, found.first, found.previous) == (1, "/updates", None, None)


def test_paging_of_an_empty_list_has_one_page() -> None:
    """Nothing to show is still a page."""
    found = paging(asked(""), total=0, size=20)
    assert (found.last, found.next, found.final) == (1, None, None)


def test_paging_of_a_full_page_has_no_empty_one_after_it() -> None:
    """Twenty rows of twenty are one page, and one more makes two."""
    assert paging(asked(""), total=20, size=20).last == 1
    assert paging(asked(""), total=21, size=20).last == 2


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=6", "page=x", "page=", "page=1.0", "page=01", "page=%2B1", "page=1&page=2",
     "page=%D9%A1", "page=99999999999999999999"],
)  # fmt: skip
def test_paging_refuses_what_is_no_page_of_the_list(query: str) -> None:
    """Not a number, out of range, or said twice: there is no such page."""
    with pytest.raises(HTTPException) as refused:
        paging(asked(query), total=95, size=20)
    assert refused.value.status_code == 404


def test_paging_takes_the_order_of_the_query_it_is_given() -> None:
    """A page that knows the canonical order of its values hands it in."""
    found = paging(asked("b=2&a=1&page=2"), total=40, size=20, query=[("a", "1"), ("b", "2 &")])
    assert found.canonical == "/updates?a=1&b=2+%26&page=2"


def test_paging_of_many_pages_shows_the_ends_and_the_neighbours() -> None:
    """What lies between is left out, and says so."""
    found = paging(asked("page=7"), total=2000, size=100)
    assert found.links == (
        PageLink(1, "/updates", is_here=False, is_after_gap=False),
        PageLink(6, "/updates?page=6", is_here=False, is_after_gap=True),
        PageLink(7, "/updates?page=7", is_here=True, is_after_gap=False),
        PageLink(8, "/updates?page=8", is_here=False, is_after_gap=False),
        PageLink(20, "/updates?page=20", is_here=False, is_after_gap=True),
    )


def test_paging_navigation_names_itself_and_marks_where_one_is() -> None:
    """A screen reader hears what the numbers are for, and which of them is here."""
    module = environment().get_template("pages/parts/paging.html").module
    shown = str(module.paging_nav(paging(asked("page=2"), total=60, size=20)))  # type: ignore[attr-defined]  # macros are attributes made at run time
    assert '<nav class="paging" aria-label="Pages of this list">' in shown
    assert 'href="/updates" rel="prev"' in shown
    assert 'href="/updates?page=3" rel="next"' in shown
    assert shown.count('aria-current="page"') == 1
    assert str(module.paging_nav(paging(asked(""), total=20, size=20))).strip() == ""  # type: ignore[attr-defined]  # as above
