"""Search: its own copy of the record, kept in the transactions that change it, and the one way to ask it."""

from models.search.entry import SearchEntry, SearchKind, SearchRecipe, SearchText
from models.search.excerpt import Piece
from models.search.find import PAGE_OF_FINDS, Find, Finds, count_finds, search
from models.search.index import Gap, fill_search, rebuild_search, search_index_gaps
from models.search.query import LONGEST, Query, read_query
from models.search.suggest import nearest_names, single_words

__all__ = [
    "LONGEST",
    "PAGE_OF_FINDS",
    "Find",
    "Finds",
    "Gap",
    "Piece",
    "Query",
    "SearchEntry",
    "SearchKind",
    "SearchRecipe",
    "SearchText",
    "count_finds",
    "fill_search",
    "nearest_names",
    "read_query",
    "rebuild_search",
    "search",
    "search_index_gaps",
    "single_words",
]
