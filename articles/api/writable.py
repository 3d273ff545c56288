"""What programs may write of an article: as the document says it, and as it is held against."""

import json
import re

from django.http import HttpRequest

from ..models import DatePrecision, Genre, Script
from .parameters import PLAIN
from .problems import Problem

MOST_CHARACTERS = 2_000_000
"""Characters of a body: as many as a file that is imported may have."""

_LINES = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$"
_NAMES = {
    "type": "array",
    "maxItems": 100,
    "items": {"type": "string", "minLength": 1, "maxLength": 90, "pattern": PLAIN},
}

FIELDS: dict[str, dict] = {
    "title": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": PLAIN},
    "summary": {"type": "string", "maxLength": 10_000, "pattern": _LINES},
    "body": {
        "type": "string",
        "minLength": 1,
        "maxLength": MOST_CHARACTERS,
        "pattern": _LINES,
        "description": "HTML; what the library's texts have no use for is taken out.",
    },
    "authors": _NAMES | {"description": "Slugs of authors, in the order of the byline."},
    "tags": _NAMES | {"description": "Slugs of tags."},
    "stated_date": {
        "type": ["string", "null"],
        "pattern": r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    },
    "date_precision": {"type": "string", "enum": ["", *DatePrecision.values]},
    "date_is_upload": {"type": "boolean"},
    "source_name": {"type": "string", "maxLength": 120, "pattern": PLAIN},
    "source_url": {"type": "string", "maxLength": 500, "pattern": PLAIN},
    "genre": {"type": "string", "enum": ["", *Genre.values]},
    "original_script": {"type": "string", "enum": Script.values},
    "note": {
        "type": "string",
        "maxLength": 300,
        "pattern": PLAIN,
        "description": "What changed, for the list of revisions.",
    },
}
REQUIRED = ("title", "body")


def read(request: HttpRequest, *, required: tuple[str, ...] = ()) -> dict:
    """Return what a request says, by field; raise Problem where that is not as the document has
    it, with what is wrong of each."""
    if request.content_type != "application/json":
        raise Problem(415, "Send application/json.", headers={"Accept": "application/json"})
    try:
        said = json.loads(request.body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "That is no JSON in UTF-8.") from error
    if not isinstance(said, dict) or not said:
        raise Problem(422, "Send an object with at least one field.")
    errors = {name[:40]: ["There is no such field."] for name in said if name not in FIELDS}
    errors |= {name: ["It is missing."] for name in required if name not in said}
    for name in said.keys() & FIELDS.keys():
        if told := _wrong(said[name], FIELDS[name]):
            errors[name] = [told]
    if errors:
        raise Problem(422, "Some fields are not as the document says.", errors=errors)
    return said


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


_TYPES = {"string": str, "array": list, "boolean": bool, "null": type(None)}


def _wrong(value: object, schema: dict) -> str:
    """Return what is wrong with a value, or nothing."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(_TYPES[one] for one in types)):
        return f"It is to be {' or '.join(types)}."
    if "enum" in schema and value not in schema["enum"]:
        return f"It is to be one of: {', '.join(map(repr, schema['enum']))}."
    if isinstance(value, list):
        if len(value) > schema["maxItems"]:
            return f"At most {schema['maxItems']} are taken."
        return next(filter(None, (_wrong(one, schema["items"]) for one in value)), "")
    if isinstance(value, str):
        if any("\ud800" <= char <= "\udfff" for char in value):
            return "It has halves of characters."
        if len(value) < schema.get("minLength", 0):
            return "It is empty."
        if len(value) > schema.get("maxLength", len(value)):
            return f"It has more than {schema['maxLength']} characters."
        if "pattern" in schema and not _pattern(schema["pattern"]).match(value):
            return "It has characters that are not taken, or is not of the form in the document."
    return ""


def _pattern(written: str) -> re.Pattern[str]:
    """Return a pattern of the document, whose end is that of the text, line ends or not."""
    return re.compile(written.removesuffix("$") + r"\Z")
