"""The API is as its document says: any request made from it gets an answer that stands in it, and
what is broken on purpose is refused."""

import re
import string
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.api import urls_v1
from articles.api.openapi import document
from articles.models import ApiToken, Article, Collection, CollectionItem, Picture, Scope

from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

CLIENT = (
    Client()
)  # one for all: it reads its middleware when it is first asked, which takes a while

WAYS = [
    (path, method, said)
    for path, ways in document()["paths"].items()
    for method, said in ways.items()
]


@shelf
def library(make_article):
    """Some articles, a draft, a collection, and a token that opens all there is."""
    keys = [make_article(f"第{n}篇", authors=["劉明"], tags=["維權"]).pk for n in range(3)]
    cover = Picture.objects.create(key="ab" * 16, name="a.jpg", width=12, height=8, size=1)
    Article.objects.filter(pk=keys[0]).update(cover=cover)
    draft = make_article("草稿", status="draft").pk
    collection = Collection(name_hant="工會入門", status="published")
    collection.save()
    CollectionItem.objects.create(collection=collection, article_id=keys[0], position=1)
    made = ApiToken(name="x", owner=User.objects.create_superuser("x"), scopes=Scope.values)
    made.expires_at = timezone.now() + timedelta(days=1)
    token = made.make()
    made.save()
    return keys, draft, collection.slug, token


def resolved(schema: dict) -> dict:
    if "$ref" not in schema:
        return schema
    return document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


TYPES = {"string": str, "integer": int, "boolean": bool, "null": type(None), "array": list,
         "object": dict}  # fmt: skip


def wrong(value, schema: dict, at: str = "") -> list[str]:
    """Return where a value is not as a schema has it: of what this document uses of schemas."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return min((wrong(value, one, at) for one in schema["anyOf"]), key=len)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    good = isinstance(value, tuple(TYPES[one] for one in types))
    if not good or (isinstance(value, bool) and "boolean" not in types):
        return [f"{at} is {value!r}"]
    found = []
    if isinstance(value, dict) and "properties" in schema:
        missing = set(schema.get("required", ())) - value.keys()
        more = value.keys() - schema["properties"].keys()
        found += [f"{at} lacks {missing} and has {more}"] * bool(missing or more)
        for name in value.keys() & schema["properties"].keys():
            found += wrong(value[name], schema["properties"][name], f"{at}.{name}")
    if isinstance(value, list):
        found += [told for one in value for told in wrong(one, schema["items"], f"{at}[]")]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at} is {value!r}, none of {schema['enum']}")
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at} is {value!r}, not {schema['pattern']}")
    if isinstance(value, int) and value < schema.get("minimum", value):
        found.append(f"{at} is {value}")
    return found


def text(known: list[str]) -> st.SearchStrategy:
    return st.one_of(
        st.sampled_from(known),
        st.text(max_size=8),
        st.text(alphabet=string.printable, max_size=8),
    )


def value_of(schema: dict, library) -> st.SearchStrategy:
    """Draw what a parameter or a field may be, and now and then what it may not."""
    keys, draft, collection, _ = library
    some = [
        st.booleans(),
        st.none(),
        st.integers(-5, 10**20),
        st.lists(st.text(max_size=3), max_size=2),
    ]
    known = ["weiquan", "liu-ming", collection, "工會", "甲" * 300, "2024-02-31", "2024-02-03",
             *schema.get("enum", ())]  # fmt: skip
    if schema.get("type") == "integer":
        return st.one_of(st.sampled_from([*keys, draft, 1, 2011]), st.integers(-1, 10**19))
    return st.one_of(text(known), text(known), *some)


@st.composite
def requests(draw, library):
    path, method, said = draw(st.sampled_from(WAYS))
    asked, headers = {}, {}
    for one in said["parameters"]:
        value = draw(value_of(one["schema"], library))
        if one["in"] == "path":
            path = path.replace("{" + one["name"] + "}", quote(str(value), safe=""))
        elif one["name"] == "Idempotency-Key":
            if key := draw(st.sampled_from(["", "a", "b", '"a"', "c d"])):
                headers["idempotency-key"] = key
        elif one["in"] == "header":
            headers["if-match"] = draw(st.sampled_from(['"1.1-1"', "*", "x", '"' * 3, "SEEN"]))
        elif one["required"] or draw(st.booleans()):
            asked[one["name"]] = value
    if draw(st.integers(0, 9)) == 0:
        asked["other"] = "1"
    body = None
    if "requestBody" in said:
        fields = resolved(said["requestBody"]["content"]["application/json"]["schema"])
        names = draw(st.lists(st.sampled_from([*fields["properties"], "status"]), unique=True))
        body = {"title": "甲", "body": "<p>乙</p>"} if draw(st.booleans()) else {}
        for name in names:
            body[name] = draw(value_of(fields["properties"].get(name, {}), library))
    signed = draw(st.integers(0, 4)) > 0
    return path, method, said, asked, headers, body, signed


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_request_is_answered_as_the_document_says(library, data):
    path, method, said, asked, headers, body, signed = data.draw(requests(library))
    if signed:
        headers["authorization"] = f"Bearer {library[3]}"
    if headers.get("if-match") == "SEEN":
        seen = CLIENT.get(
            f"/api/v1{path.replace('articles', 'drafts')}",
            headers={"authorization": f"Bearer {library[3]}"},
        )
        headers["if-match"] = seen.get("ETag", '"1"')
    public = set(Article.objects.published().values_list("pk", flat=True))
    more = {} if body is None else {"data": body}
    address = f"/api/v1{path}?{urlencode(asked, errors='replace')}"
    answer = getattr(CLIENT, method)(
        address, content_type="application/json", headers=headers, **more
    )
    told = f"{method} {address} {body}: {answer.status_code} {answer.content.decode()[:300]}"
    is_no_address = answer.status_code == 404  # of a path that is of no form of the document
    assert str(answer.status_code) in said["responses"] or is_no_address, told
    kind = "application/json" if answer.status_code < 300 else "application/problem+json"
    assert answer["Content-Type"] == kind, told
    if answer.status_code < 300:
        schema = said["responses"][str(answer.status_code)]["content"][kind]["schema"]
        assert not asked.get("other"), told
    else:
        schema = {"$ref": "#/components/schemas/Problem"}
        assert answer.json()["status"] == answer.status_code
    assert not wrong(answer.json(), schema), told
    if said["security"] and not signed:
        assert answer.status_code == 401, told
    assert set(Article.objects.published().values_list("pk", flat=True)) == public


def test_it_has_every_address_there_is():
    routes = {str(one.pattern) for one in urls_v1.urlpatterns} - {"^.*$", "openapi.json"}
    routes = {re.sub(r"\(\?P<(\w+)>.*?\)", r"{\1}", one).strip("^$") for one in routes}
    assert {f"/{one.replace('{pk}', '{id}')}" for one in routes} == set(document()["paths"])


def test_each_reference_and_name_stands_once():
    named = set(re.findall(r"#/components/schemas/(\w+)", str(document())))
    assert named <= document()["components"]["schemas"].keys()
    names = [said["operationId"] for _, _, said in WAYS]
    assert len(names) == len(set(names)) == 11
    assert document()["openapi"] == "3.1.0"
