"""A curator's decisions on an import: what each changes, takes back, refuses and leaves alone."""

import re
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User

from articles import decisions, library
from articles.importing.edits import Edit, Flag, Record
from articles.importing.pipeline import make_draft
from articles.importing.repairs import byteshift
from articles.models import Article, Decision, Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_doubt(monkeypatch):
    """Let no reading of text out of step be certain: these tests are about what is left to decide."""
    monkeypatch.setattr(byteshift, "_CERTAIN_GUESS", float("inf"))


TEXT = (
    "谈谈工会的走访\n作者：劉明\n"
    "一、走訪\n工會(huì)要到職(zhí)工中間去,聽(tīng)他們說,工會(huì)辦完再問一聲,這一年??h工會(huì)好。\n"
    "二、回訪\n辦成的事要回去說，辦不成的事更要回去說。\n"
)


@pytest.fixture
def curator(db):
    return User.objects.create_user("curator")


@pytest.fixture
def article(db):
    return store(TEXT).article


def store(text, origin="/tmp/走訪.txt", **options):  # noqa: S108
    draft = make_draft(text.encode(), "走訪.txt", vocabulary=library.vocabulary())
    return library.store(draft, origin, "走訪.txt", **options)


@contextmanager
def refuses(why):
    with pytest.raises(decisions.Refused) as refused:
        yield
    assert refused.value.args[0] is why


def state(article) -> tuple:
    article = Article.objects.get(pk=article.pk)
    source = article.source
    return article.title, article.body, source.edits, source.flag_count, source.blocking_count


def lost(article) -> dict:
    return next(flag for flag in article.source.flags if flag["kind"] == "lost-text")


def edit_of(article, before) -> dict:
    source = Source.objects.get(article=article)
    return next(edit for edit in source.edits if edit["before"] == before)


def consistent(article) -> None:
    """The record's edits, applied to the source, give the text the body was made from."""
    source = Source.objects.get(article=article)
    clean = Record(source.text, edits=[Edit(**edit) for edit in source.edits]).text
    for line in re.sub(r"<[^>]+>", "\n", Article.objects.get(pk=article.pk).body).split("\n"):
        assert line in clean


def test_accepting_a_candidate_puts_it_in_the_record_and_the_body(article, curator):
    flag = lost(article)
    assert "??h" in article.body
    decision = decisions.accept(article, decisions.token(flag), "。縣", curator)
    article.refresh_from_db()
    assert "這一年。縣工會好" in article.body
    assert "这一年。县工会好" in article.renditions.get(script="zh-Hans").body
    edit = article.source.edits[[e["after"] for e in article.source.edits].index("。縣")]
    assert (edit["kind"], edit["certain"], edit["before"]) == ("byte-shift", False, "??h")
    assert article.source.blocking_count == 0
    assert (decision.by, decision.text, article.modified_by) == (curator, "。縣", curator)
    consistent(article)


def test_every_decision_can_be_taken_back(article, curator):
    before = state(article)
    comma = decisions.token(edit_of(article, ","))
    flag = decisions.token(lost(article))
    for decide in (
        lambda: decisions.accept(article, flag, "。縣", curator),
        lambda: decisions.settle(article, flag, curator),
        lambda: decisions.undo_edit(article, comma, curator),
        lambda: decisions.undo_kind(article, "pinyin-annotation", curator),
    ):
        decision = decide()
        assert state(article) != before
        decisions.take_back(article, decision.pk, curator)
        assert state(article) == before
        decision.refresh_from_db()
        assert decision.undone_by == curator
        with pytest.raises(decisions.Refused):
            decisions.take_back(article, decision.pk, curator)


def test_an_undone_edit_is_made_again(article, curator):
    before = state(article)
    edit = edit_of(article, "(zhí)")
    decisions.undo_edit(article, decisions.token(edit), curator)
    assert "職(zhí)工" in Article.objects.get().body
    consistent(article)
    decisions.redo_edit(article, decisions.token(edit), curator)
    assert state(article) == before


def test_of_many_edits_undone_at_once_one_is_made_again(article, curator):
    decisions.undo_kind(article, "pinyin-annotation", curator)
    edit = next(e for e in Decision.objects.get().removed if e["before"] == "(zhí)")
    decisions.redo_edit(article, decisions.token(edit), curator)
    body = Article.objects.get().body
    assert "職工" in body
    assert body.count("(huì)") == 3
    assert Decision.objects.standing().count() == 1
    assert Decision.objects.count() == 2


def test_undoing_all_edits_gives_the_source_back(article, curator):
    source = Source.objects.get()
    for kind in list(source.edit_kinds):
        decisions.undo_kind(article, kind, curator)
    source.refresh_from_db()
    assert source.edits == []
    assert source.edit_kinds == {}


def test_settling_changes_nothing_but_the_count(article, curator):
    title, body, edits, flags, blocking = state(article)
    modified = article.modified_at
    decisions.settle(article, decisions.token(lost(article)), curator)
    assert state(article) == (title, body, edits, flags - 1, blocking - 1)
    article.refresh_from_db()
    assert article.modified_at == modified
    assert Source.objects.get().imported_at == article.source.imported_at


def test_a_page_out_of_date_changes_nothing(article, curator):
    flag, edit = lost(article), edit_of(article, ",")
    decisions.accept(article, decisions.token(flag), "。縣", curator)
    decisions.undo_edit(article, decisions.token(edit), curator)
    before = state(article)
    for decide in (
        lambda: decisions.accept(article, decisions.token(flag), "別的", curator),
        lambda: decisions.settle(article, decisions.token(flag), curator),
        lambda: decisions.undo_edit(article, decisions.token(edit), curator),
        lambda: decisions.redo_edit(article, "0-1-00000000", curator),
        lambda: decisions.take_back(article, 10**9, curator),
    ):
        with refuses(decisions.STALE):
            decide()
    assert state(article) == before


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "\x00", "長" * 2001, "\ud800"])
def test_a_text_that_cannot_be_is_refused(article, curator, text):
    before = state(article)
    with pytest.raises(decisions.Refused):
        decisions.accept(article, decisions.token(lost(article)), text, curator)
    assert state(article) == before


def flag_at(article, *spans) -> list[str]:
    """Put flags over stretches of the source text; return their tokens."""
    source = Source.objects.get(article=article)
    source.flags = []
    for words in spans:
        start = source.text.index(words)
        flag = Flag("lost-text", start, start + len(words), "看", (), True)
        source.flags.append({name: getattr(flag, name) for name in flag.__slots__})
    source.tally()
    source.save()
    return [decisions.token(flag) for flag in source.flags]


@pytest.mark.parametrize(
    "spans", [("聲,這一年", "一年??h工"), ("聲,這一年", "這一"), ("這一", "聲,這一年")]
)
def test_of_two_overlapping_flags_the_second_is_refused(article, curator, spans):
    first, second = flag_at(article, *spans)
    decisions.accept(article, first, "甲", curator)
    before = state(article)
    with refuses(decisions.CROSSES):
        decisions.accept(article, second, "乙", curator)
    assert state(article) == before
    decisions.settle(article, second, curator)


def test_a_flag_takes_the_edits_inside_it_along_and_gives_them_back(article, curator):
    (flag,) = flag_at(article, "職(zhí)工中間去,聽(tīng)他們")
    before = state(article)
    decision = decisions.accept(article, flag, "班組去，聽他們", curator)
    assert "要到班組去，聽他們說，工會" in Article.objects.get().body
    assert len(decision.removed) == 3
    consistent(article)
    decisions.take_back(article, decision.pk, curator)
    assert state(article) == before


def test_decisions_are_taken_back_in_any_order_unless_one_stands_on_another(article, curator):
    inside = edit_of(article, "(zhí)")
    undone = decisions.undo_edit(article, decisions.token(inside), curator)
    (flag,) = flag_at(article, "職(zhí)工中間去,聽(tīng)他們")
    accepted = decisions.accept(article, flag, "班組去", curator)
    with refuses(decisions.CROSSES):
        decisions.take_back(article, undone.pk, curator)
    decisions.take_back(article, accepted.pk, curator)
    decisions.take_back(article, undone.pk, curator)
    consistent(article)


class TestBodyChangedByHand:
    @pytest.fixture
    def article(self, article):
        article.body = article.body.replace("回訪", "再訪") + "<p>編輯加的<em>話</em>。</p>"
        article.save()
        return article

    def test_the_change_is_made_where_it_is_found(self, article, curator):
        decision = decisions.accept(article, decisions.token(lost(article)), "。縣<b>", curator)
        article.refresh_from_db()
        assert "這一年。縣&lt;b&gt;工會好" in article.body
        assert "編輯加的<em>話</em>" in article.body
        assert "再訪" in article.body
        decisions.take_back(article, decision.pk, curator)
        assert "??h" in Article.objects.get().body

    @pytest.mark.parametrize("other", ["<p>全改了。</p>", "{0}{0}"], ids=["gone", "twice"])
    def test_it_is_refused_where_it_is_not_found_once(self, article, curator, other):
        article.body = other.format(article.body)
        article.save()
        before = state(article)
        with refuses(decisions.BY_HAND):
            decisions.accept(article, decisions.token(lost(article)), "。縣", curator)
        assert state(article) == before
        assert not Decision.objects.exists()

    def test_a_change_over_several_paragraphs_is_refused(self, curator):
        article = store(TEXT.replace("回去說，", "回去說,"), origin="/b.txt").article
        article.body = article.body.replace("回訪", "再訪")
        article.save()
        before = state(article)
        with refuses(decisions.BY_HAND):
            decisions.undo_kind(article, "punctuation", curator)
        assert state(article) == before

    def test_no_link_is_written_into(self, article, curator):
        article.body = '<p><a href="https://x.y/再問一聲，這一年??h工會好">頁</a></p>'
        article.save()
        with refuses(decisions.BY_HAND):
            decisions.accept(article, decisions.token(lost(article)), "。縣", curator)


def test_what_a_curator_wrote_elsewhere_is_not_touched(article, curator):
    article.title, article.summary = "改的題目", "改的摘要"
    article.save()
    article.tags.clear()
    decisions.undo_kind(article, "punctuation", curator)
    decisions.accept(article, decisions.token(lost(article)), "。縣", curator)
    article.refresh_from_db()
    assert (article.title, article.summary) == ("改的題目", "改的摘要")
    assert not article.tags.exists()
    assert [str(author) for author in article.byline] == ["劉明"]


def test_an_edit_in_the_title_changes_the_title_and_a_curators_own_stays(curator):
    text = "談工會(huì)的走訪\n作者：劉明\n" + TEXT.split("\n", 2)[2]
    article = store(text).article
    assert article.title == "談工會的走訪"
    first = decisions.token(article.source.edits[0])
    decisions.undo_edit(article, first, curator)
    article.refresh_from_db()
    assert article.title == "談工會(huì)的走訪"
    decisions.redo_edit(article, first, curator)
    article.refresh_from_db()
    article.title = "編輯的題目"
    article.save()
    decisions.undo_edit(article, first, curator)
    article.refresh_from_db()
    assert article.title == "編輯的題目"


def test_a_missing_title_is_filled_in_from_a_candidate(curator):
    article = store(TEXT.split("\n", 1)[1]).article
    flag = next(flag for flag in article.source.flags if flag["kind"] == "missing-title")
    was = article.title
    decision = decisions.accept(article, decisions.token(flag), "走訪", curator)
    article.refresh_from_db()
    assert (article.title, article.source.flag_kinds.get("missing-title")) == ("走訪", None)
    decisions.take_back(article, decision.pk, curator)
    article.refresh_from_db()
    assert article.title == was
    article.title = "編輯的題目"
    article.save()
    with pytest.raises(decisions.Refused):
        decisions.accept(article, decisions.token(flag), "走訪", curator)


def test_nothing_is_put_in_where_there_is_no_place(curator):
    article = store(TEXT.replace("作者：劉明\n", "")).article
    flag = next(flag for flag in article.source.flags if flag["kind"] == "missing-date")
    with pytest.raises(decisions.Refused):
        decisions.accept(article, decisions.token(flag), "2020", curator)


class TestImportedAgain:
    def test_decisions_stay_where_their_place_stands(self, article, curator):
        decisions.accept(article, decisions.token(lost(article)), "。縣", curator)
        decisions.undo_edit(article, decisions.token(edit_of(article, "(zhí)")), curator)
        stored = store(
            TEXT.replace("谈谈", "再谈谈谈").replace("回去說。", "回去說清楚。"),
            on_conflict="update",
        )
        assert (stored.outcome, stored.note) == ("updated", "")
        body = Article.objects.get().body
        assert "這一年。縣工會好" in body
        assert "職(zhí)工" in body
        assert "說清楚" in body
        assert Source.objects.get().blocking_count == 0
        consistent(article)
        for decision in Decision.objects.standing():
            decisions.take_back(article, decision.pk, curator)
        assert "職工" in Article.objects.get().body
        assert "??h" in Article.objects.get().body
        consistent(article)

    def test_a_decision_without_a_place_is_lost_and_said_to_be(self, article, curator):
        decisions.accept(article, decisions.token(lost(article)), "。縣", curator)
        decisions.settle(article, decisions.token(article.source.flags[0]), curator)
        stored = store(TEXT.replace("這一年??h", "這兩年"), on_conflict="update")
        assert "1 decisions of curators have no place" in stored.note
        assert Decision.objects.get(action="accept").lost_at
        assert Decision.objects.get(action="settle").stands
        assert "這兩年工會好" in Article.objects.get().body

    def test_of_two_equal_places_the_one_with_the_same_neighbours_is_taken(self, article, curator):
        edit = next(e for e in article.source.edits if e["before"] == "(huì)" and e["start"] > 40)
        decisions.undo_edit(article, decisions.token(edit), curator)
        store(TEXT.replace("谈谈", "再谈谈谈"), on_conflict="update")
        body = Article.objects.get().body
        assert body.count("(huì)") == 1
        consistent(article)

    def test_a_title_put_in_stays_and_can_still_be_taken_back(self, curator):
        text = TEXT.split("\n", 1)[1]
        article = store(text).article
        was = article.title
        flag = next(flag for flag in article.source.flags if flag["kind"] == "missing-title")
        decision = decisions.accept(article, decisions.token(flag), "走訪記", curator)
        store(text.replace("回去說。", "回去說清楚。"), on_conflict="update")
        article.refresh_from_db()
        assert (article.title, article.source.flag_kinds.get("missing-title")) == ("走訪記", None)
        decisions.take_back(article, decision.pk, curator)
        article.refresh_from_db()
        assert article.title == was
