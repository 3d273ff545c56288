"""Simplified and traditional Chinese: the only room that knows OpenCC.

Character standards only (those of Taiwan and the Mainland), never vocabulary: 支持 does not become
支援. Plain Python, so that the import pipeline can use it too.
"""

from .conversion import convert, convert_name
from .foreign_passages import Passage, passages
from .kept_names import people
from .neighbours import every_pattern
from .opencc_tables import (
    ALSO_SIMPLIFIED,
    ALSO_TRADITIONAL,
    HANS,
    HANT,
    LONGEST_PHRASE,
    NO_TRADITIONAL,
    SCRIPTS,
    choices,
    comparable,
    detect,
    fold,
    in_phrases,
    phrase,
    searchable,
    simplified,
    simplified_forms,
    traditional,
    traditional_forms,
    unfolded,
)

__all__ = [
    "ALSO_SIMPLIFIED",
    "ALSO_TRADITIONAL",
    "HANS",
    "HANT",
    "LONGEST_PHRASE",
    "NO_TRADITIONAL",
    "SCRIPTS",
    "Passage",
    "choices",
    "comparable",
    "convert",
    "convert_name",
    "detect",
    "every_pattern",
    "fold",
    "in_phrases",
    "passages",
    "people",
    "phrase",
    "searchable",
    "simplified",
    "simplified_forms",
    "traditional",
    "traditional_forms",
    "unfolded",
]
