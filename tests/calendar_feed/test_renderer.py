"""The renderer's mark: what can change bytes changes it, and nothing else does."""

from calendar_feed.renderer import renderer_mark
from calendar_feed.zone_history import zone_release


def test_the_mark_knows_the_settings_that_stand_in_bytes() -> None:
    """The site's address and the languages; the same settings give the same mark."""
    plain = renderer_mark(base_url="https://iscm.example.org", languages=("en",))
    assert plain == renderer_mark(base_url="https://iscm.example.org", languages=("en",))
    assert len(plain) == 40
    others = {
        renderer_mark(base_url="https://other.example.org", languages=("en",)),
        renderer_mark(base_url="https://iscm.example.org", languages=("en", "fr")),
    }
    assert len({plain, *others}) == 3


def test_the_release_of_the_zones_is_that_of_the_package() -> None:
    """A year and a number, as PyPI counts."""
    year, number = zone_release().split(".")
    assert int(year) >= 2026
    assert int(number) >= 1
