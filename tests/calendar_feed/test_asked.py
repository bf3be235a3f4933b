"""What is asked for by an address: read as it is meant, and told by one address only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.asked import Asked, Form, asked_for
from calendar_feed.variants import Variant

KEYS = ["all", "type/rcp", "mechanism/5-plus-5", "country/zm", "kind/senior_officials", "archive/2027"]


@pytest.mark.parametrize(
    ("asked", "address", "file"),
    [
        (Asked("all"), "/feeds/all.ics", "iscm-all.ics"),
        (Asked("type/rcp", "fr"), "/fr/feeds/type/rcp.ics", "iscm-rcp-fr.ics"),
        (Asked("country/zm", form=Form.CSV), "/feeds/country/zm.csv", "iscm-zm.csv"),
        (
            Asked("all", "ar", (Variant.BUSY, Variant.UTC), Form.JSON),
            "/ar/feeds/v/busy/utc/all.json",
            "iscm-all-busy-utc-ar.json",
        ),
    ],
)
def test_a_feed_has_one_address_and_a_file_name(asked: Asked, address: str, file: str) -> None:
    """English has no prefix; variants stand before the key, the form at the end."""
    assert (asked.address, asked.file_name) == (address, file)
    assert asked_for(address) == asked
    assert asked.is_stored is (not asked.variants and asked.form is Form.ICS)


@given(
    st.sampled_from(KEYS),
    st.lists(st.sampled_from(list(Variant)), max_size=8),
    st.sampled_from(["en", "fr", "ar"]),
    st.sampled_from(list(Form)),
)
def test_words_in_any_order_are_one_address(
    key: str, words: list[Variant], language: str, form: Form
) -> None:
    """Sorted, each once; what an address asks for is what it was made of."""
    written = (
        f"/{language}/feeds/{''.join(f'{word}/' for word in ['v', *words]) if words else ''}{key}.{form}"
    )
    asked = asked_for(written)
    assert asked == Asked(key, language, tuple(sorted(set(words))), form)
    assert asked_for(asked.address) == asked


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/v/all.ics",
        "/feeds/v/loud/all.ics",
        "/feeds/all.xml",
        "/feeds/all",
        "/feeds/",
        "/english/feeds/all.ics",
        "/feeds/all.ics.json",
    ],
)
def test_other_addresses_ask_for_nothing(address: str) -> None:
    """An unknown word or ending, or no key."""
    assert asked_for(address) is None
