"""A curator's decisions on an import: what each changes, takes back, refuses and leaves alone."""

import re
from contextlib import contextmanager
from copy import deepcopy
from functools import cache

import pytest
from django.contrib.auth.models import User

from articles.importing.edits import Edit, Flag, Record, in_order
from articles.importing.fields.vocabulary import Vocabulary
from articles.importing.pipeline import make_draft
from articles.importing.repairs.byteshift import step as byteshift
from articles.intake import decisions, library
from articles.models import Article, Decision, Source, Tag

from ..admin.test_admin import EDITOR

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


@cache
def _drafted(text: str, name: str, terms: tuple, certain: float):
    return make_draft(text.encode(), name, vocabulary=Vocabulary(dict(terms)))


def drafted(text: str, name: str):
    """Return the draft of a text. It is made once: what is out of step takes long to read."""
    terms = tuple(Tag.objects.vocabulary().terms.items())
    return deepcopy(_drafted(text, name, terms, byteshift._CERTAIN_GUESS))


def store(text, origin="/tmp/走訪.txt", **options):  # noqa: S108 - no file
    return library.store(drafted(text, "走訪.txt"), origin, "走訪.txt", **options)


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
    accepted = decisions.accept(article, flag, "班組裡去，聽他們", curator)
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

    def test_where_it_is_not_certain_whoever_decides_says_where(self, article, sign_in):
        article.body = article.body * 2
        article.save()
        client = sign_in(EDITOR)
        address = f"/admin/articles/article/{article.pk}/import/"
        sent = {"action": "accept", "token": decisions.token(lost(article)), "text": "。縣"}
        asked = client.post(address, sent).content.decode()
        places = re.findall(r'name="at" value="([^"]+)"', asked)
        assert len(places) == 2
        assert Article.objects.get().body == article.body
        assert client.post(address, sent | {"at": "1-2-00000000"}).status_code == 200
        assert client.post(address, sent | {"at": places[1]}).status_code == 302
        body = Article.objects.get().body
        assert (body.count("這一年。縣工會好"), body.count("??h")) == (1, 1)
        assert body.index("??h") < body.index("這一年。縣工會好")

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


def test_nothing_is_put_in_where_there_is_no_place(article, curator):
    source = article.source
    source.flags.append(Flag("encoding-doubt", 0, 0, "看").as_json())
    source.save()
    with pytest.raises(decisions.Refused):
        decisions.accept(article, decisions.token(source.flags[-1]), "2020", curator)


def flags_of(article, kind) -> list[dict]:
    return [flag for flag in Source.objects.get(article=article).flags if flag["kind"] == kind]


LONG = (
    "谈谈工会的走访\n作者：刘明\n工会要抓好两件事。首先，要走访。"
    + "听职工说话。" * 100
    + "其次，要回访。\n办成的事要回去说，办不成的事更要回去说。\n"
)


class TestBreaks:
    @pytest.mark.parametrize("text", ["\n首先", "\r\n首先"])
    def test_an_accepted_break_splits_the_paragraph(self, curator, text):
        article = store(LONG).article
        before = state(article)
        flag = flags_of(article, "paragraph-break")[0]
        decision = decisions.accept(article, decisions.token(flag), text, curator)
        article.refresh_from_db()
        assert "<p>工会要抓好两件事。</p><p>首先，要走访。" in article.body.replace("\n", "")
        assert (decision.text, decision.added[0]["after"]) == ("\n首先", "\n首先")
        consistent(article)
        second = flags_of(article, "paragraph-break")[1]
        decisions.accept(article, decisions.token(second), "\n其次", curator)
        assert "<p>其次，要回访。</p>" in Article.objects.get().body
        for standing in Decision.objects.standing():
            decisions.take_back(article, standing.pk, curator)
        assert state(article) == before

    def test_the_edits_of_the_marker_and_before_it_stay(self, curator):
        article = store(LONG.replace("首先", "首 先")).article
        source = article.source
        start = source.text.index("。首 先")
        others = (Edit(**e) for e in source.edits)
        edits = [e for e in others if e.end <= start or start + 4 <= e.start]
        edits.append(Edit("punctuation", start, start + 4, "。首 先", "！首先"))
        library.rewrite(source, in_order(source.text, edits), curator)
        flag = Flag("paragraph-break", start, start + 4, "看", ("\n首先",)).as_json()
        source.flags = [flag]
        source.save()
        decisions.accept(article, decisions.token(flag), "\n首先", curator)
        assert "两件事！</p>" in Article.objects.get().body
        consistent(article)

    def test_it_stays_when_the_file_is_imported_again(self, curator):
        article = store(LONG).article
        flag = flags_of(article, "paragraph-break")[0]
        decisions.accept(article, decisions.token(flag), "\n首先", curator)
        store(LONG.replace("谈谈", "再谈谈谈"), on_conflict="update")
        assert "<p>首先，要走访。" in Article.objects.get().body
        assert Decision.objects.standing().count() == 1


def test_a_dropped_annotation_leaves_the_script_the_page_has(curator):
    text = "工会要走访职工，工會(huì)小组要联系职工，关(guān)心他们。办成的事要回去说，为职工说话。"
    article = store(f"谈谈工会的走访\n作者：刘明\n{text}\n").article
    before = state(article)
    assert "工会(huì)小组" in article.body
    flag = flags_of(article, "pinyin-doubt")[0]
    assert flag["candidates"] == ["會"]
    assert decisions.candidates_now(article.source, flag) == ["会"]
    decision = decisions.accept(article, decisions.token(flag), "會", curator)
    assert "，工会小组" in Article.objects.get().body
    consistent(article)
    decisions.take_back(article, decision.pk, curator)
    assert state(article) == before


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "stated"),
        [
            ("2020-05-09", ("2020-05-09", "day")),
            (" 2020年5月 ", ("2020-05-01", "month")),
            ("二〇二〇年", ("2020-01-01", "year")),
        ],
    )
    def test_a_missing_date_is_filled_in(self, article, curator, typed, stated):
        (flag,) = flags_of(article, "missing-date")
        decision = decisions.accept(article, decisions.token(flag), typed, curator)
        article.refresh_from_db()
        assert (str(article.stated_date), article.date_precision) == stated
        assert str(article.dated) == stated[0]
        assert "missing-date" not in Source.objects.get().flag_kinds
        store(TEXT.replace("回去說。", "回去說清楚。"), on_conflict="update")
        article.refresh_from_db()
        assert str(article.stated_date) == stated[0]
        decisions.take_back(article, decision.pk, curator)
        article.refresh_from_db()
        assert (article.stated_date, article.date_precision) == (None, "")
        assert "missing-date" in Source.objects.get().flag_kinds

    @pytest.mark.parametrize("typed", ["昨天", "2020-02-30", "1020-01-01", "2020-13", ""])
    def test_what_is_no_date_is_refused(self, article, curator, typed):
        (flag,) = flags_of(article, "missing-date")
        with pytest.raises(decisions.Refused):
            decisions.accept(article, decisions.token(flag), typed, curator)
        assert Article.objects.get().stated_date is None
        assert not Decision.objects.exists()

    def test_a_date_a_curator_set_stays(self, article, curator):
        (flag,) = flags_of(article, "missing-date")
        decision = decisions.accept(article, decisions.token(flag), "2020-05-09", curator)
        Article.objects.update(stated_date="2021-01-01")
        with pytest.raises(decisions.Refused):
            decisions.take_back(article, decision.pk, curator)
        other = store(TEXT.replace("回訪", "再訪再問"), origin="/b.txt").article
        other.stated_date = "2021-01-01"
        other.save()
        (flag,) = flags_of(other, "missing-date")
        with pytest.raises(decisions.Refused):
            decisions.accept(other, decisions.token(flag), "2020-05-09", curator)

    @pytest.mark.parametrize("accepted", ["2017-02-14", "2016-12"])
    def test_an_upload_date_is_confirmed_or_replaced(self, curator, accepted):
        article = store(TEXT.replace("劉明\n", "劉明\n上传时间：2017-02-14\n")).article
        assert (str(article.stated_date), article.date_is_upload) == ("2017-02-14", True)
        (flag,) = flags_of(article, "upload-date")
        assert flag["candidates"] == ["2017-02-14"]
        decision = decisions.accept(article, decisions.token(flag), accepted, curator)
        article.refresh_from_db()
        assert str(article.stated_date).startswith(accepted)
        assert not article.date_is_upload
        decisions.take_back(article, decision.pk, curator)
        article.refresh_from_db()
        assert (str(article.stated_date), article.date_is_upload) == ("2017-02-14", True)


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
