"""Names of cities as a reader's language writes them: Genève, El Cairo, نيروبي.

The record holds a city as English writes it. Most capitals are cities of the zone database, whose names CLDR
keeps in every language; some that matter here are not among them, or the United Nations write them otherwise,
and stand below. A city that neither knows is written as it stands on record.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from babel.core import get_global

from templates.languages import ENGLISH, locale_of

_OTHERS: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("AE", "Abu Dhabi"): {"fr": "Abou Dhabi", "es": "Abu Dabi", "ar": "أبوظبي"},
    ("AR", "Buenos Aires"): {"ar": "بوينس آيرس"},
    ("AU", "Brisbane"): {"ar": "بريسبان"},
    ("AU", "Perth"): {"ar": "بيرث"},
    ("BO", "Sucre"): {"ar": "سوكري"},
    ("BR", "Brasília"): {"fr": "Brasilia", "es": "Brasilia", "ar": "برازيليا"},
    ("BR", "Rio de Janeiro"): {"es": "Río de Janeiro", "ar": "ريو دي جانيرو"},
    ("CH", "Bern"): {"fr": "Berne", "es": "Berna", "ar": "برن"},
    ("CH", "Geneva"): {"fr": "Genève", "es": "Ginebra", "ar": "جنيف"},
    ("CM", "Yaoundé"): {"es": "Yaundé", "ar": "ياوندي"},
    ("CN", "Beijing"): {"ar": "بيجين"},
    ("CO", "Cartagena"): {"fr": "Carthagène", "ar": "كارتاخينا"},
    ("CO", "Riohacha"): {"ar": "ريوهاتشا"},
    ("CR", "San José"): {"ar": "سان خوسيه"},
    ("DO", "Punta Cana"): {"ar": "بونتا كانا"},
    ("DO", "Santo Domingo"): {"fr": "Saint-Domingue", "ar": "سانتو دومينغو"},
    ("EC", "Quito"): {"ar": "كيتو"},
    ("EG", "Sharm El Sheikh"): {"fr": "Charm el-Cheikh", "es": "Sharm el-Sheij", "ar": "شرم الشيخ"},
    ("ER", "Asmara"): {"ar": "أسمرة"},
    ("ES", "Barcelona"): {"fr": "Barcelone", "ar": "برشلونة"},
    ("ES", "Cádiz"): {"fr": "Cadix", "ar": "قادس"},
    ("FR", "Strasbourg"): {"es": "Estrasburgo", "ar": "ستراسبورغ"},
    ("GR", "Rhodes"): {"es": "Rodas", "ar": "رودس"},
    ("GT", "Guatemala City"): {"fr": "Guatemala", "es": "Ciudad de Guatemala", "ar": "مدينة غواتيمالا"},
    ("HN", "San Pedro Sula"): {"ar": "سان بيدرو سولا"},
    ("ID", "Bali"): {"ar": "بالي"},
    ("ID", "Nusa Dua"): {"ar": "نوسا دوا"},
    ("IN", "New Delhi"): {"es": "Nueva Delhi", "ar": "نيودلهي"},
    ("KH", "Siem Reap"): {"ar": "سيام رياب"},
    ("KW", "Kuwait City"): {"fr": "Koweït", "es": "Ciudad de Kuwait", "ar": "مدينة الكويت"},
    ("KZ", "Almaty"): {"fr": "Almaty"},
    ("KZ", "Astana"): {"es": "Astaná", "ar": "أستانا"},
    ("MA", "Marrakech"): {"ar": "مراكش"},
    ("MA", "Marrakesh"): {"fr": "Marrakech", "es": "Marrakech", "ar": "مراكش"},
    ("MA", "Rabat"): {"ar": "الرباط"},
    ("MT", "Valletta"): {"fr": "La Valette", "es": "La Valeta", "ar": "فاليتا"},
    ("MW", "Lilongwe"): {"es": "Lilongüe", "ar": "ليلونغوي"},
    ("MX", "Puebla"): {"ar": "بويبلا"},
    ("NG", "Abuja"): {"es": "Abuya", "ar": "أبوجا"},
    ("NL", "The Hague"): {"fr": "La Haye", "es": "La Haya", "ar": "لاهاي"},
    ("NP", "Kathmandu"): {"fr": "Katmandou", "es": "Katmandú", "ar": "كاتماندو"},
    ("PA", "Panama City"): {"fr": "Panama", "es": "Ciudad de Panamá", "ar": "مدينة بنما"},
    ("PE", "Chiclayo"): {"ar": "تشيكلايو"},
    ("PG", "Kokopo"): {"ar": "كوكوبو"},
    ("PL", "Cracow"): {"fr": "Cracovie", "es": "Cracovia", "ar": "كراكوف"},
    ("PT", "Porto"): {"es": "Oporto", "ar": "بورتو"},
    ("SB", "Honiara"): {"ar": "هونيارا"},
    ("SC", "Mahé"): {"ar": "ماهيه"},
    ("TO", "Nukuʻalofa"): {"ar": "نوكوالوفا"},
    ("TR", "Ankara"): {"ar": "أنقرة"},
    ("TZ", "Dodoma"): {"ar": "دودوما"},
    ("VN", "Da Nang"): {"ar": "دا نانغ"},
    ("VN", "Hanoi"): {"fr": "Hanoï", "es": "Hanói", "ar": "هانوي"},
    ("ZA", "Cape Town"): {"fr": "Le Cap", "es": "Ciudad del Cabo", "ar": "كيب تاون"},
    ("ZA", "Pretoria"): {"ar": "بريتوريا"},
    ("ZW", "Victoria Falls"): {"ar": "شلالات فيكتوريا"},
}


def city_name(city: str, *, country: str | None, language: str) -> str:
    """Return a city's name in `language`; `country` (ISO 3166-1 alpha-2) tells apart cities of one name."""
    if language == ENGLISH or country is None:
        return city
    return _names(language).get((country, city), city)


def english_city(name: str, *, country: str, languages: Iterable[str]) -> str:
    """Return how the record writes a city that is named in one of these languages; the name where none is."""
    for language in languages:
        if language != ENGLISH and (found := _english(language).get((country, name))):
            return found
    return name


@cache
def _english(language: str) -> dict[tuple[str, str], str]:
    return {(country, name): city for (country, city), name in _names(language).items() if name != city}


@cache
def _names(language: str) -> dict[tuple[str, str], str]:
    english, own = (locale_of(one).time_zones for one in (ENGLISH, language))
    names = {}
    for zone, country in get_global("zone_territories").items():
        if found := own.get(zone, {}).get("city"):
            usual = zone.rpartition("/")[2].replace("_", " ")
            names[country, str(english.get(zone, {}).get("city") or usual)] = str(found)
    return names | {place: known[language] for place, known in _OTHERS.items() if language in known}
