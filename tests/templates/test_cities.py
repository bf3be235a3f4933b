"""Names of cities in the languages of readers."""

import pytest

from templates.cities import city_name, english_city


@pytest.mark.parametrize(
    ("city", "country", "names"),
    [
        ("Geneva", "CH", ["Geneva", "Genève", "Ginebra", "جنيف"]),
        ("Cairo", "EG", ["Cairo", "Le Caire", "El Cairo", "القاهرة"]),
        ("Brussels", "BE", ["Brussels", "Bruxelles", "Bruselas", "بروكسل"]),
        ("Madrid", "ES", ["Madrid", "Madrid", "Madrid", "مدريد"]),
        ("Mongu", "ZM", ["Mongu"] * 4),
        ("Geneva", "US", ["Geneva"] * 4),
    ],
)
def test_a_city_is_called_as_the_language_calls_it(city: str, country: str, names: list[str]) -> None:
    """CLDR's names and our own; what neither knows stays, and so does a namesake elsewhere."""
    languages = ("en", "fr", "es", "ar")
    assert [city_name(city, country=country, language=one) for one in languages] == names
    assert {english_city(name, country=country, languages=languages) for name in names} == {city}
    assert city_name(city, country=None, language="fr") == city
