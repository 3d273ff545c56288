"""What an address may ask of the API, as the document says it and as requests are held against."""

import base64
import binascii
import json
import re
from dataclasses import dataclass

from django.http import HttpRequest

from ..importing.fields.dates import FIRST_YEAR, LAST_YEAR
from ..models import Genre
from ..search.query import MOST_CHARACTERS
from ..text.script import HANT, SCRIPTS
from .problems import Problem

PLAIN = r"^[^\u0000-\u001F\u007F]*$"
"""Text without control characters, as the document writes it."""

_NUMBER = re.compile(r"[0-9]{1,9}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

PER_PAGE, MOST_PER_PAGE = 20, 100

_NAME = {"type": "string", "minLength": 1, "maxLength": 90, "pattern": PLAIN}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of the query: its schema, what it is for, and whether it has to be there."""

    name: str
    schema: dict
    told: str
    required: bool = False

    def read(self, text: str) -> str | int:
        """Return the value a text stands for; raise Problem where it is none."""
        schema = self.schema
        if schema["type"] == "integer":
            is_good = _NUMBER.fullmatch(text) is not None
            is_good = is_good and schema["minimum"] <= int(text) <= schema["maximum"]
        elif "enum" in schema:
            is_good = text in schema["enum"]
        else:
            is_good = schema["minLength"] <= len(text) <= schema["maxLength"]
            is_good = is_good and not _CONTROL.search(text)
        if not is_good:
            raise Problem(400, f"“{self.name}” is not as the document says: {self.told}")
        return int(text) if schema["type"] == "integer" else text


SCRIPT = Parameter(
    "script",
    {"type": "string", "enum": list(SCRIPTS), "default": HANT},
    "The script of texts and names in the answer.",
)
CURSOR = Parameter(
    "cursor",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": PLAIN},
    "Where to go on: the `next` of the answer before, as it is.",
)
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
    "How many at most.",
)
FILTERS = (
    Parameter("tag", _NAME, "The `slug` of a tag."),
    Parameter("author", _NAME, "The `slug` of an author."),
    Parameter(
        "year",
        {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        "The year a text is filed under.",
    ),
    Parameter("genre", {"type": "string", "enum": Genre.values}, "The kind of text."),
)
COLLECTION = Parameter("collection", _NAME, "The `slug` of a collection.")
_WORDS = {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS, "pattern": PLAIN}
WORDS = Parameter(
    "q", _WORDS, "Words that all stand in it, in either script; of the newest thousand matches."
)
SEARCHED = Parameter(
    "q", _WORDS, "What is looked for, as on the page of search: words, “phrases”, -without.", True
)


def values_of(request: HttpRequest, parameters: tuple[Parameter, ...]) -> dict:
    """Return what the address asks for, by name; raise Problem where it asks for anything else."""
    known = {one.name: one for one in parameters}
    asked = {}
    for name, given in request.GET.lists():
        if name not in known:
            told = "、".join(known) or "none"
            raise Problem(400, f"There is no parameter “{name[:40]}” here. There are: {told}")
        if len(given) > 1:
            raise Problem(400, f"“{name}” is given more than once.")
        asked[name] = known[name].read(given[0])
    for one in parameters:
        if one.required and one.name not in asked:
            raise Problem(400, f"“{one.name}” is missing: {one.told}")
    defaults = {one.name: one.schema["default"] for one in parameters if "default" in one.schema}
    return defaults | asked


def cursor_of(kind: str, *numbers: int) -> str:
    """Return where a list goes on, as programs hand it back."""
    told = json.dumps([kind, *numbers], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def numbers_of(kind: str, cursor: str | None, many: int = 1) -> list[int] | None:
    """Return the numbers of a cursor of a list of this kind; None without one."""
    if cursor is None:
        return None
    try:
        told = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        kind_told, *numbers = json.loads(told)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        kind_told, numbers = None, []
    are_good = all(type(one) is int and 0 <= one < 2**63 for one in numbers)
    if kind_told != kind or len(numbers) != many or not are_good:
        raise Problem(400, "The cursor is none of this list. Begin again without one.")
    return numbers
