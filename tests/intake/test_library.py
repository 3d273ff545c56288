"""Storing drafts: once, without overwriting a curator, twins reported."""

import json

import pytest
from django.contrib.auth.models import User

from articles.curation import desk, drafts, revisions
from articles.curation.publishing import Held
from articles.importing.edits import Edit, Record
from articles.importing.files import collect
from articles.importing.pipeline import draft_of, make_draft
from articles.importing.source import SourceText
from articles.intake import decisions, import_loop, library, looked_through
from articles.intake.authors_and_tags import author_named
from articles.models import Article, Author, Source, Tag

from ..admin.test_admin import REVIEWER

pytestmark = pytest.mark.django_db

BODY = "一、走访\n工会要到职工中间去，听他们说，替他们办，办完了再回去问一声，这样职工才信工会。\n"
TEXT = f"谈谈工会的走访\n作者：刘明\n2020年5月1日\n关键词：职代会 走访\n{BODY}"


TRADITIONAL = str.maketrans("访职间听们办问声这样", "訪職間聽們辦問聲這樣")


def store(text=TEXT, origin="/a.txt", encoding="utf-8", **options):
    draft = make_draft(text.encode(encoding), "a.txt", vocabulary=Tag.objects.vocabulary())
    return library.store(draft, origin, "a.txt", **options)


def test_an_article_with_all_that_was_read():
    article = store().article
    assert (article.title, article.status) == ("谈谈工会的走访", "draft")
    assert [str(author) for author in article.byline] == ["劉明"]
    assert [tag.name for tag in article.tags.all()] == ["职代会"]
    assert article.body.startswith("<h2>一、走访</h2>")
    assert article.date_precision == "day"
    source = article.source
    assert bytes(source.raw) == TEXT.encode()
    assert (source.text, source.encoding) == (TEXT, "utf-8")


def test_the_same_bytes_again_change_nothing():
    first = store().article
    again = store(origin="/elsewhere.txt")
    assert (again.outcome, again.article) == ("unchanged", first)
    assert Article.objects.get().modified_at == first.modified_at


@pytest.mark.parametrize(
    "twin",
    [
        dict(encoding="gb18030"),
        dict(text=TEXT.replace("，", ",")),
        dict(text=TEXT.replace("谈谈工会的走访", "另一个标题").replace("刘明", "王芳")),
        dict(text=f"谈谈工会的走访\n{BODY.translate(TRADITIONAL)}"),
    ],
    ids=["other encoding", "other marks", "other title", "other script"],
)
def test_a_twin_is_reported_and_not_stored(twin):
    first = store().article
    stored = store(origin="/twin.txt", **twin)
    assert (stored.outcome, stored.article) == ("duplicate", first)
    assert Source.objects.count() == 1


CHANGED = TEXT.replace("才信工会", "才信得过工会").replace("谈谈", "再谈")


def test_a_changed_file_is_left_alone_unless_asked():
    store()
    stored = store(CHANGED)
    assert stored.outcome == "unchanged"
    assert "--on-conflict" in stored.note
    with pytest.raises(library.Conflict, match="changed"):
        store(CHANGED, on_conflict="fail")
    assert Article.objects.get().title == "谈谈工会的走访"


def test_an_update_takes_the_change():
    article = store().article
    assert store(CHANGED, on_conflict="update").outcome == "updated"
    article.refresh_from_db()
    assert article.title == "再谈工会的走访"
    assert "才信得过工会" in article.renditions.get(script="zh-Hans").body
    assert store(CHANGED).outcome == "unchanged"


def test_second_import_keeps_what_the_curator_changed():
    article = store().article
    article.title = "编辑改的标题"
    article.save()
    article.tags.set([Tag.objects.get(name="维权")])
    stored = store(CHANGED, on_conflict="update")
    article.refresh_from_db()
    assert article.title == "编辑改的标题"
    assert [tag.name for tag in article.tags.all()] == ["维权"]
    assert "才信得过工会" in article.body
    assert "title" in stored.note
    # and still so the next time
    store(CHANGED.replace("再谈", "三谈"), on_conflict="update")
    article.refresh_from_db()
    assert article.title == "编辑改的标题"


def test_a_blocking_flag_holds_an_article_back():
    assert store(publish=True).article.status == "published"
    lost = TEXT.replace("办完了", "办\ufffd了").replace("谈谈", "漫谈")
    stored = store(lost, origin="/lost.txt", publish=True)
    assert stored.article.status == "draft"
    assert stored.article.source.flag_count > 0


def test_an_author_is_found_again_in_the_other_script():
    store()
    other = TEXT.replace("刘明", "劉明").replace("走访", "回访").replace("一声", "两声")
    store(other, origin="/b.txt")
    assert Author.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "hant"),
    [("石广林", "石廣林"), ("余志里", "余志里"), ("林志玲", "林志玲"), ("鍾沖", "鍾沖")],
)
def test_an_author_of_characters_both_scripts_have_keeps_them(name, hant):
    """But what only tables of old words call traditional: 广."""
    assert author_named(name).name_hant == hant


def test_further_tags_are_made_once():
    store(tags=("新书", "新書"))
    assert Tag.objects.filter(name="新书").count() == 1


DAMAGED = CHANGED.replace("办完了", "办\ufffd了")


def reread(article) -> Article:
    return Article.objects.select_related("draft__text").get(pk=article.pk)


def test_an_update_that_lost_bytes_lies_over_the_text_readers_keep():
    article = store(publish=True).article
    body = article.body
    stored = store(DAMAGED, on_conflict="update")
    assert stored.outcome == "updated"
    assert "damaged and lies over it as a draft" in stored.note
    article = reread(article)
    assert (article.is_public, article.body, article.title) == (True, body, "谈谈工会的走访")
    assert "办\ufffd了" in article.draft.content["body"]
    assert (article.draft.content["title"], article.draft.status) == ("再谈工会的走访", "in_review")
    assert article.review_requests.open().count() == 1
    assert article.source.blocking_count == 1
    assert store(DAMAGED, on_conflict="update").outcome == "unchanged"


def test_it_is_decided_on_where_it_lies_and_asked_about_before_it_is_published():
    curator = User.objects.create_superuser("curator")
    article = store(publish=True).article
    body = article.body
    store(DAMAGED.replace("作者：刘明\n", ""), on_conflict="update")
    article = reread(article)
    with pytest.raises(Held):
        drafts.publish_draft(article, curator, revisions.version(article))
    flags = {flag["kind"]: decisions.token(flag) for flag in article.source.flags}
    put_in = decisions.accept(article, flags["lost-text"], "完了再回去问一声", curator)
    signed = decisions.accept(article, flags["missing-author"], "刘明、王芳", curator)
    article = reread(article)
    assert (article.body, len(article.byline)) == (body, 1)
    assert "办完了" in article.draft.content["body"]
    assert [name for _, name, _ in article.draft.content["authors"]] == ["刘明", "王芳"]
    for decision in (put_in, signed):
        decisions.take_back(article, decision.pk, curator)
    article = reread(article)
    assert ("办\ufffd了" in article.draft.content["body"], article.body) == (True, body)
    assert article.draft.content["authors"] == []
    decisions.accept(article, flags["lost-text"], "完了再回去问一声", curator)
    article = reread(article)
    drafts.publish_draft(article, curator, revisions.version(article))
    article = reread(article)
    assert ("才信得过工会" in article.body, article.draft) == (True, None)


def test_the_page_of_the_import_says_that_a_draft_lies_over_it(sign_in):
    article = store(publish=True).article
    client = sign_in(REVIEWER)
    address = f"/admin/articles/article/{article.pk}/import/"
    told = "那份草稿裡的更新"
    assert told not in client.get(address, headers={"accept-language": "zh-TW"}).content.decode()
    store(DAMAGED, on_conflict="update")
    content = client.get(address, headers={"accept-language": "zh-TW"}).content.decode()
    assert "這是讀者目前看到的版本。上面有一份草稿。" in content
    assert told in content


def test_one_that_was_thrown_away_is_no_longer_decided_on():
    article = store(publish=True).article
    store(DAMAGED, on_conflict="update")
    curator = User.objects.create_superuser("curator")
    drafts.discard_draft(article, curator, revisions.version(reread(article)))
    wanted = revisions.state(article.pk) | {"summary": "別的"}
    drafts.keep_draft(article, wanted, curator)
    flag = next(flag for flag in reread(article).source.flags if flag["kind"] == "lost-text")
    with pytest.raises(decisions.Refused):
        decisions.accept(article, decisions.token(flag), "完了再回去问一声", curator)
    stored = store(DAMAGED.replace("才信得过", "最信"), on_conflict="update")
    assert "as a curator changed it" in stored.note
    assert reread(article).body == article.body


def test_a_mended_file_goes_into_the_draft_that_waits():
    article = store(publish=True).article
    store(DAMAGED, on_conflict="update")
    store(CHANGED, on_conflict="update")
    article = reread(article)
    assert "才信得过工会" not in article.body
    assert "办完了再回去问一声" in article.draft.content["body"]
    assert article.source.blocking_count == 0


@pytest.mark.parametrize("over", ["a draft", "a submitted draft"])
def test_it_goes_into_the_draft_that_lies_there(over):
    """Nobody is left to wait: where it is in review, there is a request, and it is listed."""
    editor = User.objects.create_superuser("editor")
    article = store(publish=True).article
    wanted = revisions.state(article.pk) | {"title": "另一個題目"}
    drafts.keep_draft(article, wanted, editor, in_review=over == "a submitted draft")
    store(DAMAGED, on_conflict="update")
    article = reread(article)
    assert article.is_public
    assert (article.draft.status == "in_review") == article.review_requests.open().exists()
    assert list(desk.chosen(Article.objects.all(), desk.FLAGGED, editor)) == [article]
    assert article.draft.content["title"] == "另一個題目"
    assert "办\ufffd了" in article.draft.content["body"]


@pytest.mark.parametrize("status", ["draft", "published"])
def test_an_update_of_a_body_changed_by_hand_is_a_draft_with_both(status):
    article = store(publish=status == "published").article
    by_hand = article.body.replace("一、走访", "一、走走看看")
    article.body = by_hand
    article.save()
    stored = store(CHANGED, on_conflict="update")
    assert "as a curator changed it" in stored.note
    article = reread(article)
    assert (article.body, article.status) == (by_hand, status)
    content = article.draft.content
    assert "一、走走看看" in content["body"]
    assert "才信得过工会" in content["body"]
    assert content["title"] == "再谈工会的走访"
    assert (content["status"] == "in_review") == (status == "published")


def test_where_both_changed_one_paragraph_the_text_has_one_and_the_draft_the_other():
    article = store(publish=True).article
    article.body = article.body.replace("替他们办", "帮他们办")
    article.save()
    store(CHANGED, on_conflict="update")
    article = reread(article)
    assert "帮他们办" in article.body
    assert "才信得过工会" in article.draft.content["body"]


def test_a_draft_made_before_an_update_undoes_nothing_of_it():
    curator = User.objects.create_superuser("curator")
    article = store(publish=True).article
    drafts.keep_draft(article, revisions.state(article.pk) | {"summary": "编辑写的"}, curator)
    store(CHANGED, on_conflict="update")
    drafts.publish_draft(article, curator, revisions.version(reread(article)))
    article = reread(article)
    assert (article.summary, article.title) == ("编辑写的", "再谈工会的走访")
    assert "才信得过工会" in article.body


def test_edits_looked_through_are_not_told_as_lost(sign_in):
    article = store(TEXT.replace("，", ",")).article
    kind = article.source.edits[0]["kind"]
    looked_through.review_kind(Source.objects.all(), kind, None)
    assert store(CHANGED.replace("，", ","), on_conflict="update").note == ""
    address = f"/admin/articles/article/{article.pk}/import/"
    assert "errornote" not in sign_in(REVIEWER).get(address).content.decode()


def test_a_curators_own_draft_is_not_written_over():
    article = store(publish=True).article
    body = article.body.replace("替他们办", "帮他们办")
    drafts.keep_draft(article, revisions.state(article.pk) | {"body": body}, None)
    stored = store(DAMAGED, on_conflict="update")
    article = reread(article)
    assert article.draft.content["body"] == body
    assert "kept what a curator changed: body" in stored.note
    assert article.draft.content["title"] == "再谈工会的走访"


BEYOND = {
    "a tag": {"tags": ["會" * 90]},
    "an author": {"authors": ["趙" * 300]},
    "authors": {"authors": [f"趙{chr(0x5000 + n)}" for n in range(250)]},
    "a source": {"source": "報" * 400},
    "a title beyond the first plane": {"title": "𡃁" * 260},
    "a title that grows when it is matched": {"title": "㌀" * 190},
    "an address that is none": {"source": "某報", "url": "www.example.org/x y"},
    "an address of a script": {"url": "javascript:void(0)"},
    "tags that are marks": {"tags": ["🙂", "", "  ", "/", ".."]},
    "a day before there were unions": {"date": "1790-05-01"},
    "half a character": {"title": "話\ud834題", "author": "趙\udd1e一"},
    "what no text has": {"title": "話\x00題", "tags": ["夜\x00校"], "author": "趙\x00一"},
    "numbers": {"title": 10**30, "date": 10**20},
    "structures": {"title": {"a": 1}, "tags": {"b": 2}, "author": [["c"]]},
}


@pytest.mark.parametrize("fields", BEYOND.values(), ids=BEYOND)
def test_whatever_a_file_states_is_stored_as_rows_can_be(fields, essays):
    body = "每個班組都要有人去問，問到的事要記下來，辦完了再回去說一聲。" * 4
    place = essays({"a.jsonl": json.dumps({"body": body} | fields)})
    (file,) = collect([place], lambda path, why: None)
    (result,) = import_loop.import_files(
        [file], None, import_loop.Options(), vocabulary=Tag.objects.vocabulary()
    )
    assert result.outcome == "created", result.error
    article = Article.objects.get()
    for row in (article, *article.tags.all(), *article.byline):
        row.full_clean()
        assert row.get_absolute_url()


def test_lines_read_as_metadata_are_kept_for_the_curator_to_see():
    assert store().article.source.extracted == TEXT.split("\n")[:4]


@pytest.mark.parametrize("others", [0, 1])
def test_an_authors_traditional_name_follows_his_only_article(others):
    text = "談談工會的走訪\n作者：趙志里\n工會要到職工中間去，聽他們說，替他們辦。\n"
    at = text.index("里")
    edit = Edit("variant", at, at + 1, "里", "裡")
    raw = make_draft(text.encode(), "a.txt")
    draft = draft_of(Record(text, edits=[edit]), SourceText(text, "utf-8"), raw=raw.raw)
    article = library.store(draft, "/a.txt", "a.txt").article
    assert [author.name_hant for author in article.byline] == ["趙志裡"]
    for _ in range(others):
        Article.objects.create(title="別的", body="<p>話</p>").set_authors(article.byline)
    library.rewrite(article.source, [], None)
    [author] = Article.objects.get(pk=article.pk).byline
    assert author.name_hant == ("趙志裡" if others else "趙志里")
