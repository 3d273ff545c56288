"""Two curators send the same at the same moment: one is told that it is there, and keeps what was
typed."""

import threading
from collections import defaultdict

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test import Client

from articles.models import (
    AuditEntry,
    Author,
    Collection,
    CollectionItem,
    DomainWord,
    RenditionCorrection,
    Synonym,
    Tag,
    tag,
)

from ..portal.test_transactions import transient
from ..reading.test_collections import form_of as collection_form
from ..support.together import TWO_WRITERS, barrier, together

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = "一段打了很久的說明"


def vocabulary(prefix="aliases", **fields) -> dict:
    sent = {"description_hant": TYPED, "biography_hant": TYPED, "group": "other"}
    return sent | {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"} | fields


def with_alias(name: str, **fields) -> dict:
    return vocabulary(**fields) | {"aliases-TOTAL_FORMS": "1", "aliases-0-name": name}


ADDED = {
    "a tag": ("tag", [vocabulary(name_hant="夜校")] * 2),
    "a tag in either script": (
        "tag",
        [vocabulary(name_hant="勞模講堂"), vocabulary(name="劳模讲堂")],
    ),
    "an address": ("tag", [vocabulary(name_hant=name, slug="ye-xiao") for name in "甲乙"]),
    "an alias": ("tag", [with_alias("夜課", name_hant=name) for name in "甲乙"]),
    "an author": ("author", [vocabulary(name_hant="趙毅")] * 2),
    "an author of a unit": ("author", [vocabulary(name_hant="趙毅", unit_hant="某廠工會")] * 2),
    "a collection's address": (
        "collection",
        [collection_form(name_hant=name, slug="ke", summary_hant=TYPED) for name in "甲乙"],
    ),
    "a search word": ("domainword", [{"word": "夜課輔導"}] * 2),
}


@pytest.fixture
def clients(db):
    found = []
    for name in ("one", "other"):
        client = Client(headers={"accept-language": "zh-TW"})
        client.force_login(User.objects.create_superuser(name))
        found.append(client)
    return found


@pytest.fixture
def both_are_valid(monkeypatch):
    """Let each first try go on when the other's form was found valid too; in SQLite one waits for
    the other from the start."""
    if connection.vendor != "postgresql":
        return
    both, tried, save_form = barrier(2), threading.local(), admin.ModelAdmin.save_form

    def together_first(desk, request, form, change):
        if not hasattr(tried, "once"):
            tried.once = True
            both.wait()
        return save_form(desk, request, form, change)

    monkeypatch.setattr(admin.ModelAdmin, "save_form", together_first)

    # Who gives a tag or an alias a name holds it: of two who give the same, one is found valid only
    # when the other is done. So they meet before that, and no more afterwards.
    before, names, hold = barrier(2), defaultdict(set), tag.hold_name

    def hold_together(name):
        if not hasattr(tried, "once"):
            tried.round = getattr(tried, "round", 0) + 1
            names[tried.round].add(name)
            before.wait()
            if len(names[tried.round]) == 1:
                tried.once = True
        hold(name)

    monkeypatch.setattr(tag, "hold_name", hold_together)


def sent_at_once(clients, addresses, forms) -> str:
    """Return the page of who came second, having seen that the other saved, once."""
    before = AuditEntry.objects.count()
    acts = [
        lambda client=client, address=address, form=form: client.post(address, form)
        for client, address, form in zip(clients, addresses, forms, strict=True)
    ]
    answers = together(*acts)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert AuditEntry.objects.count() == before + 1
    (refused,) = (answer for answer in answers if answer.status_code == 200)
    told = refused.context["errors"].as_data()
    assert told
    assert not list(get_messages(refused.wsgi_request))
    return refused.content.decode()


@pytest.mark.usefixtures("both_are_valid")
@pytest.mark.parametrize(("kind", "forms"), ADDED.values(), ids=ADDED)
def test_the_same_is_added_once(clients, kind, forms):
    page = sent_at_once(clients, [f"/admin/articles/{kind}/add/"] * 2, forms)
    assert TYPED in page or kind == "domainword"
    assert "已存在" in page or "已有" in page or "已經" in page


@pytest.mark.usefixtures("both_are_valid")
@pytest.mark.parametrize("model", [Tag, Author])
def test_two_are_renamed_to_the_same(clients, model):
    rows = [model(name_hant=name) for name in ("甲名", "乙名")]
    for row in rows:
        row.save()
    kind = model._meta.model_name
    addresses = [f"/admin/articles/{kind}/{row.pk}/change/" for row in rows]
    forms = [vocabulary(name_hant="同名", name="同名", slug=row.slug) for row in rows]
    assert TYPED in sent_at_once(clients, addresses, forms)
    assert model.objects.filter(name="同名").count() == 1


HOMOPHONES = {
    "tag": [vocabulary(name_hant=name) for name in ("公示", "工事")],
    "author": [vocabulary(name_hant=name) for name in ("王芳", "汪芳")],
    "collection": [collection_form(name_hant=name) for name in ("公示", "工事")],
}


@pytest.mark.usefixtures("both_are_valid")
@pytest.mark.parametrize(("kind", "forms"), HOMOPHONES.items())
def test_names_that_sound_alike_both_get_an_address(clients, kind, forms):
    acts = [
        lambda client=client, form=form: client.post(f"/admin/articles/{kind}/add/", form)
        for client, form in zip(clients, forms, strict=True)
    ]
    assert [answer.status_code for answer in together(*acts)] == [302, 302]
    model = {"tag": Tag, "author": Author, "collection": Collection}[kind]
    names = [form["name_hant"] for form in forms]
    slugs = sorted(model.objects.filter(name_hant__in=names).values_list("slug", flat=True))
    assert slugs[1] == f"{slugs[0]}-2"


@pytest.mark.parametrize("page", ["list", "own page"])
def test_a_deed_that_met_another_is_done_again_and_told_once(clients, page, monkeypatch):
    tag, tries, hold = Tag(name_hant="夜校"), [], Tag.hold
    tag.save()

    def met(*args, **how):
        tries.append(how)
        if len(tries) == 1:
            raise transient()
        return hold(*args, **how)

    sent = {"post": "yes", "action": "delete_selected", "_selected_action": [tag.pk]}
    address = "/admin/articles/tag/"
    monkeypatch.setattr(Tag, "hold", met)
    answer = clients[0].post(address if page == "list" else f"{address}{tag.pk}/delete/", sent)
    assert answer.status_code == 302
    assert len(tries) > 1
    assert not Tag.objects.filter(pk=tag.pk).exists()
    assert AuditEntry.objects.count() == 1
    assert len(list(get_messages(answer.wsgi_request))) == 1


@TWO_WRITERS
def test_an_article_deleted_while_it_is_collected(clients, make_article, monkeypatch):
    """The database says so only when all is committed, after the page would have told of it."""
    article, save_model, gone = make_article(), admin.ModelAdmin.save_model, []

    def late(desk, *args):
        if not gone:
            gone.append(together(article.delete))
        return save_model(desk, *args)

    monkeypatch.setattr(admin.ModelAdmin, "save_model", late)
    sent = collection_form(name_hant="夜校", items=[("", 1, article.pk)], summary_hant=TYPED)
    answer = clients[0].post("/admin/articles/collection/add/", sent)
    assert answer.status_code == 200
    assert TYPED in answer.content.decode()
    assert not list(get_messages(answer.wsgi_request))
    assert not Collection.objects.filter(name_hant="夜校").exists()
    assert not CollectionItem.objects.exists()


def test_what_stands_nowhere_in_the_form_is_no_error_of_it(clients, monkeypatch):
    """A fault of the database is told as one, however often it is tried."""
    tries = []

    def broken(word, *args, **how):
        tries.append(word)
        raise IntegrityError("a rule no form knows")

    monkeypatch.setattr(DomainWord, "save", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        clients[0].post("/admin/articles/domainword/add/", {"word": "夜課輔導"})
    assert len(tries) > 1


def opened(client, address) -> dict:
    """Return what the form of a page sends."""
    page = lxml.html.fromstring(client.get(address).content.decode())
    (form,) = (one for one in page.forms if "_save" in one.inputs)
    sent: dict = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent | {"_save": "1"}


def row_of(kind: str):
    row = {
        "tag": Tag(name_hant="夜校"),
        "author": Author(name_hant="趙毅"),
        "collection": Collection(name_hant="夜校", summary_hant="摘要"),
        "synonym": Synonym(words="夜校、夜课"),
        "renditioncorrection": RenditionCorrection(script="zh-Hans", phrase="夜挍", right="夜校"),
        "user": User(username="third"),
    }[kind]
    row.save()
    return row


FORMS = {
    "tag": "description_hant",
    "author": "biography_hant",
    "collection": "introduction_hant",
    "synonym": "words",
    "renditioncorrection": "reason",
    "user": "first_name",
}


@pytest.mark.parametrize(("kind", "field"), FORMS.items())
def test_who_comes_second_saves_over_nothing_unseen(clients, kind, field):
    """Neither has to be quick: one form was open all the while."""
    row = row_of(kind)
    app = "auth" if kind == "user" else "articles"
    address = f"/admin/{app}/{kind}/{row.pk}/change/"
    mine, theirs = (opened(client, address) for client in clients)
    first, second = ("夜校、夜班", "夜校、夜學") if kind == "synonym" else ("先寫的", "後寫的")
    assert clients[1].post(address, theirs | {field: first}).status_code == 302
    stands = getattr(type(row).objects.get(pk=row.pk), field)
    refused = clients[0].post(address, mine | {field: second})
    assert refused.status_code == 200
    told = lxml.html.fromstring(refused.content.decode())
    assert first[-2:] in told.find_class("errornote")[0].getparent().text_content()
    assert getattr(type(row).objects.get(pk=row.pk), field) == stands
    (form,) = (one for one in told.forms if "_save" in one.inputs)
    assert second in form.fields[field]
    again = mine | {field: second, "_seen": form.fields["_seen"]}
    assert clients[0].post(address, again).status_code == 302
    assert getattr(type(row).objects.get(pk=row.pk), field) != stands


@pytest.mark.parametrize("inside", ["an alias", "an entry"])
def test_what_stands_inside_a_form_is_seen_too(clients, inside, make_article):
    row = row_of("tag" if inside == "an alias" else "collection")
    address = f"/admin/articles/{row._meta.model_name}/{row.pk}/change/"
    mine = opened(clients[0], address)
    if inside == "an alias":
        row.aliases.create(name="夜課")
    else:
        CollectionItem.objects.create(collection=row, article=make_article("甲"), position=1)
    assert clients[0].post(address, mine).status_code == 200
    assert clients[0].post(address, opened(clients[0], address)).status_code == 302


@TWO_WRITERS
def test_a_name_is_given_to_a_tag_or_to_an_alias_and_not_to_both(clients):
    other = row_of("tag")
    address = f"/admin/articles/tag/{other.pk}/change/"
    aliased = opened(clients[0], address) | {"aliases-0-name": "工人夜課"}
    named = vocabulary(name_hant="工人夜課")
    acts = (
        lambda: clients[0].post(address, aliased),
        lambda: clients[1].post("/admin/articles/tag/add/", named),
    )
    both, hold = barrier(2), tag.hold_name

    def hold_together(name):
        if not hasattr(tried, "once"):
            tried.once = True
            both.wait()
        hold(name)

    tried = threading.local()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tag, "hold_name", hold_together)
        assert sorted(answer.status_code for answer in together(*acts)) == [200, 302]
    assert Tag.objects.filter(name="工人夜课").exists() != other.aliases.exists()
