"""Lines of pages as they are known again: in whichever script, with whatever spaces."""

import re

from . import script

SHORTEST, LONGEST = 4, 300
"""Characters of a line that can be known again: a shorter one may stand in any text, a longer one
stands in no other."""


def line_key(line: str) -> str:
    """Return what a line is compared by; empty where it is too short or too long for that."""
    key = script.comparable(re.sub(r"\s+", "", line))
    return key if SHORTEST <= len(key) <= LONGEST else ""
