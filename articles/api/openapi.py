"""The document of the API, in OpenAPI 3.1: what `/api/v1/openapi.json` says."""

from functools import cache

from ..models import DatePrecision, Genre, Scope, Script, Status, TagGroup
from ..search.find import MOST_PAGES, PER_PAGE
from .parameters import (
    COLLECTION,
    CURSOR,
    FILTERS,
    LIMIT,
    SCRIPT,
    SEARCHED,
    WORDS,
    Parameter,
)
from .problems import CONTENT_TYPE
from .writable import FIELDS, REQUIRED

VERSION = "1.1.0"

_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 0}
_KEY = {"type": "integer", "minimum": 1}
_URL = {"type": "string", "format": "uri"}
_TIME = {"type": "string", "format": "date-time"}
_VERSION = {"type": "string", "pattern": r"^[0-9.\-]+$", "description": "For If-Match."}


def _object(**properties: dict) -> dict:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(of: dict) -> dict:
    return {"type": "array", "items": of}


def _page(of: dict, **more: dict) -> dict:
    following = {"type": ["string", "null"], "description": "The `cursor` of what follows."}
    return _object(items=_many(of), next=following, **more)


_LINK = {"id": _KEY, "slug": _TEXT, "name": _TEXT, "url": _URL}
_DATED = {"type": ["string", "null"], "format": "date"}
_PRECISION = {"type": "string", "enum": ["", *DatePrecision.values]}
_GENRE = {"type": "string", "enum": ["", *Genre.values]}
_PICTURE = {
    "anyOf": [_ref("Picture"), {"type": "null"}],
    "description": "A picture that was chosen; null where none was.",
}
_FACTS = {
    "id": _KEY,
    "url": _URL | {"description": "The page for readers."},
    "title": _TEXT,
    "summary": _TEXT,
    "excerpt": _TEXT,
    "authors": _many(_ref("Link")),
    "tags": _many(_ref("Link")),
    "stated_date": _DATED,
    "date_precision": _PRECISION,
    "date_is_upload": _FLAG | {"description": "The date is only that of a web site's upload."},
    "genre": _GENRE,
    "cover": _PICTURE,
    "published_at": _TIME,
    "modified_at": _TIME,
}
_OUTLINE = _many({"type": "object"})
_COLLECTION = {
    **_LINK,
    "summary": _TEXT,
    "cover": _PICTURE,
    "article_count": _COUNT,
    "published_at": _TIME,
}
_STATUS = {"type": "string", "enum": Status.values}
_STANDING = {"id": _KEY, "version": _VERSION, "status": _STATUS, "has_draft_over_it": _FLAG}

_SCHEMAS = {
    "Link": _object(**_LINK),
    "Picture": _object(
        url=_URL,
        alt=_TEXT | {"description": "What is to be seen, in the script asked for; may be empty."},
        width=_KEY | {"description": "Pixels."},
        height=_KEY | {"description": "Pixels."},
    ),
    "Article": _object(**_FACTS),
    "WholeArticle": _object(
        **_FACTS,
        body_html=_TEXT | {"description": "Addresses in it may be relative to this server."},
        body_text=_TEXT | {"description": "A line for each paragraph."},
        outline=_OUTLINE,
        source_name=_TEXT,
        source_url=_TEXT,
        minutes=_COUNT | {"description": "How long it takes to read."},
        has_lost_text=_FLAG | {"description": "Text is lost in it; the page shows where."},
    ),
    "Found": _object(
        **_FACTS,
        title_html=_TEXT,
        passages_html=_many(_TEXT) | {"description": "Where words stand, these in <mark>."},
    ),
    "Tag": _object(
        **_LINK,
        article_count=_COUNT,
        group={"type": "string", "enum": TagGroup.values},
        description=_TEXT,
    ),
    "Author": _object(
        **_LINK, article_count=_COUNT, unit=_TEXT, biography=_TEXT, portrait=_PICTURE
    ),
    "Collection": _object(**_COLLECTION),
    "WholeCollection": _object(
        **_COLLECTION, introduction_html=_TEXT, articles=_many(_object(**_FACTS, note=_TEXT))
    ),
    "ListedDraft": _object(
        id=_KEY, title=_TEXT, status=_STATUS, has_draft_over_it=_FLAG, modified_at=_TIME
    ),
    "Standing": _object(**_STANDING),
    "Draft": _object(
        **_STANDING,
        title=_TEXT,
        summary=_TEXT,
        body=_TEXT,
        date_precision=_PRECISION,
        date_is_upload=_FLAG,
        source_name=_TEXT,
        source_url=_TEXT,
        genre=_GENRE,
        original_script={"type": "string", "enum": Script.values},
        stated_date=_DATED,
        authors=_many(_TEXT),
        tags=_many(_TEXT),
    ),
    "NewArticle": {
        "type": "object",
        "properties": FIELDS,
        "required": list(REQUIRED),
        "additionalProperties": False,
    },
    "Change": {
        "type": "object",
        "properties": FIELDS,
        "minProperties": 1,
        "additionalProperties": False,
    },
    "Problem": {
        "type": "object",
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "errors": {"type": "object", "additionalProperties": _many(_TEXT)},
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    },
}

_PROBLEMS = {
    400: "The address asks for what there is not; the detail says what.",
    401: "No token, or one that opens nothing.",
    403: "The token, or the account it acts for, may not do this.",
    404: "Not there, or not for readers.",
    409: "The draft and what readers see were changed in the same place: go to the desk.",
    412: "Somebody saved since: read the draft again.",
    413: "More than is taken at once.",
    415: "Something else than application/json.",
    422: "Some fields cannot be kept so; `errors` says why.",
    428: "If-Match is missing.",
    429: "Too often; Retry-After says when to come again.",
    503: "It takes too long, or the library is away for a moment.",
}
_RETRY = {"schema": {"type": "integer"}, "description": "Seconds."}


def _problem(status: int) -> dict:
    told = {
        "description": _PROBLEMS[status],
        "content": {CONTENT_TYPE: {"schema": _ref("Problem")}},
    }
    return told | ({"headers": {"Retry-After": _RETRY}} if status in (429, 503) else {})


def _parameter(one: Parameter) -> dict:
    return {
        "name": one.name,
        "in": "query",
        "required": one.required,
        "schema": one.schema,
        "description": one.told,
    }


_OF_ARTICLE = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 0, "maximum": 10**15},
}
_OF_COLLECTION = {
    "name": "slug",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,90}$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": r'^"[0-9.-]{1,60}"$'},
    "description": "The ETag of the draft as it was read.",
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!#-~]{1,200}$"},
    "description": "A name of your own for this request: sent again within a day with the same "
    "body it is not done again but answered alike, with another body refused (422).",
}
_ETAG = {"ETag": {"schema": _TEXT, "description": "For If-None-Match, or If-Match of a draft."}}


def _way(
    name: str,
    told: str,
    shown: dict,
    parameters: tuple = (),
    *,
    beside: tuple[dict, ...] = (),
    scope: Scope | None = None,
    body: str = "",
    status: int = 200,
    problems: tuple[int, ...] = (),
) -> dict:
    """Return what the document says of one method of an address."""
    codes = {400, 429, 503, *problems, *((401, 403) if scope else ())}
    codes |= {413, 415, 422} if body else set()
    said = {
        "operationId": name,
        "summary": told,
        "parameters": [*beside, *map(_parameter, parameters)],
        "responses": {
            str(status): {
                "description": told,
                "headers": _ETAG,
                "content": {"application/json": {"schema": shown}},
            },
            **{str(code): _problem(code) for code in sorted(codes)},
        },
        "security": [{"token": []}] if scope else [],
    }
    if scope:
        said["description"] = f"Takes a token with the scope `{scope}`."
    if body:
        schema = {"application/json": {"schema": _ref(body)}}
        said["requestBody"] = {"required": True, "content": schema}
    return said


@cache
def document() -> dict:
    """Return the document."""
    listed = (SCRIPT, CURSOR, LIMIT)
    reading, writing = Scope.READ_DRAFTS, Scope.WRITE_ARTICLES
    paths = {
        "/articles": {
            "get": _way(
                "listArticles", "Articles, the newest first.", _page(_ref("Article")),
                (*listed, *FILTERS, COLLECTION, WORDS), problems=(404,),
            ),
            "post": _way(
                "beginArticle", "Begin an article: a draft that nobody but curators sees.",
                _ref("Standing"), beside=(_IDEMPOTENCY,), scope=writing, body="NewArticle",
                status=201,
            ),
        },
        "/articles/{id}": {
            "get": _way(
                "getArticle", "One article with its text.", _ref("WholeArticle"), (SCRIPT,),
                beside=(_OF_ARTICLE,), problems=(404,),
            ),
            "patch": _way(
                "changeArticle", "Change the draft, or keep one over what readers see.",
                _ref("Standing"), beside=(_OF_ARTICLE, _IF_MATCH), scope=writing, body="Change",
                problems=(404, 409, 412, 428),
            ),
        },
        "/tags": {
            "get": _way("listTags", "Tags that have articles.", _page(_ref("Tag")), listed)
        },
        "/authors": {
            "get": _way("listAuthors", "Authors of articles.", _page(_ref("Author")), listed)
        },
        "/collections": {
            "get": _way("listCollections", "Collections.", _page(_ref("Collection")), listed)
        },
        "/collections/{slug}": {
            "get": _way(
                "getCollection", "One collection, its articles in their order.",
                _ref("WholeCollection"), (SCRIPT,), beside=(_OF_COLLECTION,), problems=(404,),
            ),
        },
        "/search": {
            "get": _way(
                "search",
                f"What is found, the best first: {PER_PAGE} a page, {MOST_PAGES} pages.",
                _page(
                    _ref("Found"), total=_COUNT, is_exact=_FLAG,
                    left_out=_many(_TEXT) | {"description": "Words little has with the others."},
                    instead=_many(_TEXT) | {"description": "What else to look for."},
                ),
                (SCRIPT, CURSOR, *FILTERS, SEARCHED), problems=(404,),
            ),
        },
        "/drafts": {
            "get": _way(
                "listDrafts", "What is not published, and drafts over what is.",
                _page(_ref("ListedDraft")), (CURSOR, LIMIT), scope=reading,
            ),
        },
        "/drafts/{id}": {
            "get": _way(
                "getDraft", "An article as curators work on it, in its own script.",
                _ref("Draft"), beside=(_OF_ARTICLE,), scope=reading, problems=(404,),
            ),
        },
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Union Reading Room",
            "version": VERSION,
            "description": "The library for programs. Errors are problem details (RFC 9457).",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
