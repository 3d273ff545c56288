"""Flags of an import answered in the article's form, and counting again where what they tell is back."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.curation import drafts, revisions
from articles.curation.publishing import Held
from articles.importing.edits import Flag
from articles.importing.pipeline import make_draft
from articles.intake import decisions, library
from articles.models import Article, Author, Decision, Revision, Source

from ..admin.test_admin import EDITOR, REVIEWER, form_of

pytestmark = pytest.mark.django_db

LOST = "庫房的鑰匙由??h保管"
TEXT = (
    "夜班的燈\n作者：劉明\n日期：2020-05-06\n\n"
    f"夜班的燈亮到天明，工友們把活幹完了才走，年年如此。{LOST}，三把鎖換了兩把。\n"
    "到了年底點一回數，帳和東西對得上，人人心裡都踏實，這是老規矩了。\n"
)


@pytest.fixture
def curator():
    return User.objects.create_superuser("curator")


def store(*kinds: str, name="燈", **options) -> Article:
    """Store a text with flags of these kinds on the whole page, or on the three lost characters."""
    draft = make_draft(TEXT.encode(), f"{name}.txt")
    at = TEXT.index("??h")
    flags = [
        Flag(
            kind, *((0, 0) if "-" in kind and kind != "lost-text" else (at, at + 3)), "看", (), True
        )
        for kind in kinds
    ]
    draft = replace(draft, flags=flags, edits=[])
    return library.store(draft, f"/{name}.txt", f"{name}.txt", **options).article


def save(article, user, authors=None, **changes) -> Source:
    """Save an article as its form does."""
    article = Article.objects.get(pk=article.pk)
    for name, value in changes.items():
        setattr(article, name, value)
    authors = article.byline if authors is None else authors
    drafts.save(article, authors, list(article.tags.all()), user, Revision.Kind.SAVED)
    return Source.objects.get(article=article)


FIELDS = [
    ("missing-title", {"title": "燈下"}, {"title": "夜班的燈"}),
    ("doubtful-title", {"title": "燈下"}, {"title": "夜班的燈"}),
    ("missing-date", {"stated_date": "2021-01-01"}, {"stated_date": None, "date_precision": ""}),
    ("doubtful-date", {"date_precision": "month"}, {"date_precision": "day"}),
    ("upload-date", {"stated_date": "2021-01-01"}, {"stated_date": None, "date_precision": ""}),
    ("missing-source", {"source_name": "硯州報"}, {"source_name": ""}),
    ("doubtful-source", {"source_name": "硯州報"}, {"source_name": ""}),
]
every_field = pytest.mark.parametrize(("kind", "filled", "emptied"), FIELDS)


@every_field
def test_a_field_filled_in_the_form_answers_its_flag_until_it_is_emptied(
    kind, filled, emptied, curator
):
    article = store(kind)
    assert save(article, curator, summary="別的").blocking_count == 1
    assert save(article, curator, **filled).blocking_count == 0
    decision = Decision.objects.get()
    assert (decision.action, decision.by, decision.stands) == ("form", curator, True)
    assert str(next(iter(filled.values())))[:4] in decision.text or kind == "doubtful-date"
    source = save(article, curator, **emptied)
    assert (source.blocking_count, source.flags[0]["message"]) == (1, "看")
    assert not Decision.objects.standing().exists()


@pytest.mark.parametrize("kind", ["missing-author", "doubtful-author"])
def test_so_do_authors(kind, curator):
    article = store(kind)
    other = Author.objects.create(name="祁砚舟", name_hant="祁硯舟")
    assert save(article, curator, [other]).blocking_count == 0
    assert Decision.objects.get().text == "祁硯舟"
    assert save(article, curator, []).blocking_count == 1


def test_what_was_filled_in_at_the_flag_opens_it_again_when_the_form_empties_it(curator):
    article = store("missing-source")
    decisions.accept(article, decisions.token(article.source.flags[0]), "硯州報", curator)
    assert save(article, curator, source_name="").blocking_count == 1
    assert not Decision.objects.standing().exists()


def test_one_left_as_it_is_stays_so(curator):
    article = store("missing-source")
    decisions.settle(article, decisions.token(article.source.flags[0]), curator)
    assert save(article, curator, source_name="硯州報").blocking_count == 0
    assert save(article, curator, source_name="").blocking_count == 0


@pytest.mark.parametrize("repaired", [LOST.replace("??h", "老班長"), "", "鑰匙在老班長手裡"])
def test_a_text_repaired_in_the_form_answers_its_flag(repaired, curator):
    article = store("lost-text")
    body = article.body
    assert save(article, curator, body=body.replace(LOST, repaired)).blocking_count == 0
    assert Decision.objects.get().action == "form"
    assert save(article, curator, body=body).blocking_count == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace("年底", "歲末"),
        lambda body: body.replace("夜班的燈亮到", "夜裡燈亮到"),
        lambda body: f"<p>編者按。</p>{body}",
        lambda body: body.replace("三把鎖", "<em>三把</em>鎖"),
        lambda body: "\n".join(reversed(body.split("\n"))),
    ],
    ids=["elsewhere", "the same line", "put in", "markup", "moved"],
)
def test_a_change_beside_it_answers_nothing(change, curator):
    article = store("lost-text")
    assert save(article, curator, body=change(article.body)).blocking_count == 1
    assert not Decision.objects.exists()


def test_what_is_answered_is_no_longer_asked_on_publishing(curator):
    article = store("lost-text", "missing-source")
    with pytest.raises(Held):
        save(article, curator, status="published")
    assert not Decision.objects.exists()
    body = article.body.replace("??h", "老班長")
    source = save(article, curator, body=body, source_name="硯州報", status="published")
    assert source.blocking_count == 0


SAID_OF_IT = ("這是讀者目前看到的版本", "上面有一份草稿")


class TestDraftMadeBefore:
    """A draft over a live text, a decision below it, and the draft applied."""

    def test_a_decision_is_not_undone_by_it(self, curator, sign_in):
        article = store("lost-text")
        publish(article)
        wanted = revisions.state(article.pk) | {"title": "燈下"}
        drafts.keep_draft(article, wanted, curator)
        client = sign_in(REVIEWER)
        assert all(said in page_of(client, article) for said in SAID_OF_IT)
        decisions.accept(article, decisions.token(article.source.flags[0]), "老班長", curator)
        publish_draft(article, curator)
        article.refresh_from_db()
        assert "由老班長保管" in article.body
        assert (article.title, Source.objects.get().blocking_count) == ("燈下", 0)

    @pytest.mark.parametrize("how", ["restore", "draft"])
    def test_a_settled_flag_whose_damage_is_back_opens_again(self, how, curator):
        article = store("lost-text")
        decisions.accept(article, decisions.token(article.source.flags[0]), "老班長", curator)
        publish(article)
        article = fresh(article)
        damaged = article.revisions.order_by("number").first()
        with pytest.raises(Held):
            bring_back(how, article, damaged, curator)
        assert Source.objects.get().blocking_count == 0
        flag = Source.objects.get().flags[0]
        bring_back(how, article, damaged, curator, [f"{article.pk}/{decisions.token(flag)}"])
        source = Source.objects.get()
        assert "??h" in fresh(article).body
        assert (source.blocking_count, source.edits) == (1, [])
        assert not Decision.objects.standing().exists()
        decisions.accept(article, decisions.token(source.flags[0]), "老班長", curator)
        assert "由老班長保管" in fresh(article).body


def fresh(article) -> Article:
    return Article.objects.select_related("draft__text").get(pk=article.pk)


def publish(article):
    Article.objects.filter(pk=article.pk).update(status="published", published_at=timezone.now())


def publish_draft(article, user, over=()):
    drafts.publish_draft(article, user, revisions.version(fresh(article)), over=over)


def bring_back(how, article, damaged, user, over=()):
    if how == "restore":
        seen = revisions.version(fresh(article))
        drafts.restore(article, damaged, user, seen, at_once=True, over=over)
    else:
        drafts.keep_draft(
            article, revisions.state(article.pk) | {"body": damaged.content["body"]}, user
        )
        publish_draft(article, user, over)


def test_the_form_itself_answers_and_the_page_says_so(sign_in):
    article = store("missing-source")
    client = sign_in(REVIEWER)
    address = f"/admin/articles/article/{article.pk}/"
    client.post(f"{address}change/", form_of(article) | {"source_name": "硯州報"})
    assert Source.objects.get().blocking_count == 0
    content = sign_in(EDITOR).get(f"{address}import/", headers={"accept-language": "zh-TW"})
    assert "在表單中回答" in content.content.decode()


class TestLongStretch:
    """A flag over more than its first spot: what is typed takes the place of all of it."""

    LONG = "三把鎖換了兩把。\n到了年底點一回數"

    @pytest.fixture
    def article(self):
        article = store("lost-text")
        source = article.source
        for words in (LOST, self.LONG):
            at = TEXT.index(words)
            source.flags.append(Flag("possible-rewrite", at, at + len(words), "看").as_json())
        source.tally()
        source.save()
        return article

    def send(self, client, article, number, text, **more):
        flag = Source.objects.get().flags[number]
        sent = {"action": "accept", "token": decisions.token(flag), "text": text} | more
        address = f"/admin/articles/article/{article.pk}/import/"
        return client.post(address, sent, headers={"accept-language": "zh-TW"})

    def test_its_box_holds_the_stretch(self, sign_in, article):
        content = page_of(sign_in(EDITOR), article)
        assert f'name="text" maxlength="2000" value="{LOST}"' in content
        assert f">\n{self.LONG}</textarea>" in content

    @pytest.mark.parametrize("typed", ["老班長", "？"])
    def test_a_much_shorter_text_is_asked_about(self, sign_in, article, typed):
        client = sign_in(EDITOR)
        response = self.send(client, article, 1, typed)
        content = response.content.decode()
        assert all(part in content for part in (LOST, typed, 'name="shorter"'))
        assert fresh(article).body == article.body
        assert not Decision.objects.exists()
        self.send(client, article, 1, typed, shorter="yes")
        assert LOST not in fresh(article).body

    @pytest.mark.parametrize(
        ("number", "typed"), [(0, "交"), (1, "庫房的鑰匙由老班長保管"), (1, "庫房的鑰匙有人管")]
    )
    def test_any_other_is_not(self, sign_in, article, number, typed):
        assert self.send(sign_in(EDITOR), article, number, typed).status_code == 302
        assert typed in fresh(article).body

    def test_what_stands_there_already_is_no_answer(self, sign_in, article):
        self.send(sign_in(EDITOR), article, 1, LOST)
        assert not Decision.objects.exists()

    def test_lines_are_kept_as_lines(self, sign_in, article):
        typed = self.LONG.replace("兩把", "三把").replace("\n", "\r\n")
        self.send(sign_in(EDITOR), article, 2, typed)
        assert "換了三把。</p>\n<p>到了年底" in fresh(article).body


def page_of(client, article) -> str:
    address = f"/admin/articles/article/{article.pk}/import/"
    return client.get(address, headers={"accept-language": "zh-TW"}).content.decode()
