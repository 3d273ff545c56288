"""The page of one import: what it shows, who may see and decide, and that it stays small."""

import re
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from articles.admin import import_review
from articles.importing.pipeline import make_draft
from articles.importing.repairs.byteshift import step as byteshift
from articles.intake import decisions, library, source_view
from articles.models import Article, Decision, Source

from ..admin.test_admin import ADMINISTRATOR, EDITOR, LIST, REVIEWER
from ..curation.test_bulk import bulk
from .test_decisions import LONG, TEXT, edit_of, flags_of, lost, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_doubt(monkeypatch):
    """Let no reading of text out of step be certain: these tests are about what is left to decide."""
    monkeypatch.setattr(byteshift, "_CERTAIN_GUESS", float("inf"))


@pytest.fixture
def article(db):
    return store(TEXT).article


def address(article) -> str:
    return f"/admin/articles/article/{article.pk}/import/"


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.same_on_both
class TestBesideTheForm:
    @pytest.fixture
    def long(self, db):
        """An import of 3,000 marks with sixteen flags, the last of them far down."""
        source = store(
            "谈工会\n作者：刘明\n\n" + "工会要走访,再回访,再回头看。\n" * 1500
        ).article.source
        places = [source.text.index("工会要"), *(range(9000, 9014)), len(source.text) - 8]
        source.flags = [
            {"kind": "lost-text", "start": place, "end": place + 2, "message": "缺字", "blocking": False, "candidates": []}
            for place in places
        ]  # fmt: skip
        source.tally()
        source.save()
        return source

    def panel(self, client, source) -> str:
        content = text_of(client.get(f"/admin/articles/article/{source.article_id}/change/"))
        return content[content.index('class="desk-source"') :]

    def test_each_flag_shows_its_passage_and_leads_to_its_place(self, sign_in, long):
        panel = self.panel(sign_in(EDITOR), long)
        assert "<q>作者：刘明<mark>工会</mark>要走访,再回访,</q>" in panel
        assert f"{address(long.article)}?flag=0#place-0" in panel

    def test_what_is_not_listed_is_told(self, sign_in, long):
        panel = self.panel(sign_in(EDITOR), long)
        assert "(16)" in panel
        assert panel.count("<mark>") == 12
        assert f'<a href="{address(long.article)}">其餘 4 處' in panel or "其余 4 处" in panel

    @pytest.mark.parametrize("flag", [0, 15])
    def test_the_page_a_flag_is_on_is_found(self, sign_in, long, flag):
        content = text_of(sign_in(EDITOR).get(f"{address(long.article)}?flag={flag}"))
        assert f'id="place-{flag}"' in content
        assert f'id="flag-{flag}"' in content

    @pytest.mark.parametrize("flag", ["99", "x", "-1", "9" * 30])
    def test_a_flag_there_is_not_leads_to_the_first_page(self, sign_in, long, flag):
        content = text_of(sign_in(EDITOR).get(f"{address(long.article)}?flag={flag}"))
        assert 'id="place-0"' in content


@pytest.mark.same_on_both
class TestOneList:
    """All that is open stands in one list on every page, the gravest first."""

    @pytest.fixture
    def source(self, db):
        """An import of two pages of marks: thirty flags, those that hold it back at the end."""
        lines = [f"第{number}回走訪,再回訪,再回頭看。" for number in range(150)]
        source = store("談工會\n作者：劉明\n\n" + "\n".join(lines)).article.source
        starts = range(40, len(source.text), len(source.text) // 28)
        source.flags = [
            {"kind": "lost-text", "start": at, "end": at + 2, "message": "缺字", "blocking": at > 1500, "candidates": []}
            for at in starts
        ]  # fmt: skip
        doubt = {"kind": "doubtful-title", "start": 0, "end": 0, "message": "存疑"}
        source.flags += [
            doubt | {"blocking": True, "candidates": ["甲", "乙"]},
            doubt | {"kind": "missing-date", "blocking": False, "candidates": []},
        ]
        source.tally()
        source.save()
        return source

    def listed(self, client, source, query="") -> list[tuple[str, str, str]]:
        content = text_of(client.get(f"{address(source.article)}{query}"))
        entries = re.findall(r'<li id="flag-(\d+)" class="(\w*)">(.*?)</li>', content, re.DOTALL)
        return [(number, kind, entry) for number, kind, entry in entries]

    @pytest.mark.parametrize("query", ["", "?page=2", "?filter=1&kind=punctuation"])
    def test_all_are_in_it_and_the_gravest_first(self, sign_in, source, query):
        listed = self.listed(sign_in(EDITOR), source, query)
        assert len(listed) == source.flag_count == len(source.flags)
        kinds = [kind for _number, kind, _entry in listed]
        assert kinds == ["blocking"] * source.blocking_count + [""] * (
            len(kinds) - source.blocking_count
        )
        assert 0 < source.blocking_count < len(kinds)
        assert listed[0][0] == str(len(source.flags) - 2)  # the title's

    @pytest.mark.parametrize("query", ["?", "?page=2", "?filter=1&kind=punctuation"])
    def test_each_leads_to_its_place(self, sign_in, source, query):
        client, pages = sign_in(EDITOR), {}
        for number, _kind, entry in self.listed(client, source, query):
            if not source.flags[int(number)]["end"]:
                assert re.search(r'href="#field-\w+"', entry)
                continue
            link = re.search(r'href="([^"#]*)#place-(\d+)"', entry)
            assert link[2] == number
            there = address(source.article) + (unescape(link[1]) or query)
            if there not in pages:
                pages[there] = text_of(client.get(there))
            assert pages[there].count(f'id="place-{number}"') == 1
        assert len(pages) == 2

    def test_they_are_counted(self, sign_in, source):
        content = text_of(sign_in(EDITOR).get(address(source.article)))
        assert f"({source.flag_count})" in content
        assert re.search(rf"其中 {source.blocking_count} [處处]", content)

    def test_after_one_comes_the_next(self, sign_in, source):
        client = sign_in(EDITOR)
        (_one, _kind, entry), (following, *_rest) = self.listed(client, source)[:2]
        assert f'name="anchor" value="flag-{following}"' in entry
        assert "flags-title" in self.listed(client, source)[-1][2]

    def test_what_is_settled_leaves_it_and_can_be_taken_back(self, sign_in, source):
        token = decisions.token(source.flags[-2])
        decisions.settle(source.article, token, None)
        listed = self.listed(sign_in(EDITOR), source)
        assert len(listed) == len(source.flags)
        assert [kind for _number, kind, _entry in listed].index("settled") == len(listed) - 1
        assert 'value="take_back"' in listed[-1][2]

    def test_of_thousands_so_many_are_listed_and_those_on_the_page(
        self, sign_in, source, monkeypatch
    ):
        monkeypatch.setattr(import_review, "_LISTED", 3)
        client = sign_in(EDITOR)
        first, second = (self.listed(client, source, query) for query in ("", "?page=2"))
        assert {number for number, *_rest in [*first, *second]} == set(
            map(str, range(len(source.flags)))
        )
        assert len(first) < len(source.flags)


@pytest.mark.parametrize(
    "spans", [[(3, 6), (4, 5)], [(3, 6), (3, 6)], [(2, 2)], [(9, 9)], [(0, 9), (8, 9)], [(1, 4)]]
)
def test_every_flag_begins_at_one_piece(spans):
    edits = [
        {"kind": "variant", "start": 2, "end": 4, "before": "二三", "after": "", "certain": True}
    ]
    flags = [{"start": start, "end": end or 1} for start, end in spans]
    parts = list(source_view.pieces("〇一二三四五六七八", edits, flags))
    assert sorted(number for part in parts for number in part.opens) == list(range(len(spans)))
    assert "".join(part.before for part in parts) == "〇一二三四五六七八"


@pytest.mark.same_on_both
class TestPage:
    def test_every_edit_is_marked_on_both_sides(self, sign_in, article):
        content = text_of(sign_in(EDITOR).get(address(article)))
        marks = re.findall(r'class="mark (\w+)[^"]*"', content)
        assert len(marks) == 2 * article.source.edit_count
        assert {"removed", "replaced"} <= set(marks)
        assert "<del>(huì)</del>" in content
        assert re.search(r"<del>,</del></a>", content)
        assert "<ins>，</ins>" in content
        assert 'title="拼音夾註"' in content

    def test_flags_stand_with_place_message_and_candidates(self, sign_in, article):
        content = text_of(sign_in(EDITOR).get(address(article)))
        assert "<mark>??h</mark>" in content
        candidates = len(lost(article)["candidates"])
        assert content.count('name="candidate"') == candidates + 1  # and that it is lost for good
        assert 'value="□□"' in content
        assert content.count('value="settle"') == article.source.flag_count

    def test_text_in_both_columns_is_the_source_and_the_clean_text(self, article):
        source = article.source
        parts = list(source_view.pieces(source.text, source.edits, source.flags))
        assert "".join(part.before for part in parts) == source.text
        draft = make_draft(TEXT.encode(), "a.txt")
        assert "".join(part.after for part in parts) == draft.clean_text
        rows = list(source_view.rows(parts))
        shown = "".join(row.fold or "".join(p.after for p in row.pieces) for row in rows)
        assert shown == draft.clean_text

    def test_the_filter_works_without_a_script(self, sign_in, article):
        client = sign_in(EDITOR)
        content = text_of(client.get(address(article) + "?filter=1&kind=punctuation"))
        assert re.search(r'value="punctuation" checked', content)
        assert not re.search(r'value="pinyin-annotation" checked', content)
        off = re.findall(r'class="mark removed off"[^>]*data-group="([\w-]+)"', content)
        assert set(off) == {"pinyin-annotation"}

    def test_a_change_can_be_chosen_without_a_script(self, sign_in, article):
        token = decisions.token(edit_of(article, "(zhí)"))
        content = text_of(sign_in(EDITOR).get(address(article) + f"?at={token}"))
        assert '<del id="what-before">(zhí)</del>' in content

    def test_text_of_an_essay_is_never_markup(self, sign_in):
        evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
        article = store(
            TEXT.replace("去,聽", f"去,{evil},聽").replace("走访", f"走访{evil}")
        ).article
        client = sign_in(REVIEWER)
        decide(client, article, "accept", decisions.token(lost(article)), text=evil)
        assert evil in Source.objects.get().edits[-2]["after"]
        content = text_of(client.get(address(article)))
        assert "<script>alert" not in content
        assert "<img src=x" not in content
        assert "&lt;script&gt;alert" in content

    @pytest.mark.parametrize(
        "query", ["page=x", "page=99", "page=-1", "at=%00", "filter=1&kind=no"]
    )
    def test_odd_addresses_are_answered(self, sign_in, article, query):
        assert sign_in(EDITOR).get(f"{address(article)}?{query}").status_code == 200

    def test_an_article_written_here_has_no_such_page(self, sign_in, make_article):
        assert sign_in(EDITOR).get(address(make_article())).status_code == 404

    def test_its_queries_do_not_grow(self, sign_in, article, django_assert_max_num_queries):
        client = sign_in(EDITOR)
        client.get(address(article))
        for edit in article.source.edits[:4]:
            decisions.undo_edit(article, decisions.token(edit), None)
        # One of them is who signs the article, beside what the importer read.
        with django_assert_max_num_queries(10):
            client.get(address(article))


def decide(client, article, action, token="", **sent):
    data = {"action": action, "token": token, "anchor": "flag-1"} | sent
    return client.post(address(article), data, follow=True)


class TestDeciding:
    def test_each_kind_of_decision_by_a_click(self, sign_in, article):
        client = sign_in(EDITOR)
        response = decide(
            client, article, "accept", decisions.token(lost(article)), candidate="。縣"
        )
        assert response.redirect_chain[0][0].endswith("#flag-1")
        assert "這一年。縣工會好" in Article.objects.get().body
        token = decisions.token(edit_of(article, "(zhí)"))
        decide(client, article, "undo", token)
        assert "職(zhí)工" in Article.objects.get().body
        decide(client, article, "redo", token)
        assert "職工" in Article.objects.get().body
        flag = Source.objects.get().flags[0]
        decide(client, article, "settle", decisions.token(flag))
        first = Decision.objects.get(action="accept")
        decide(client, article, "take_back", decision=first.pk)
        assert "??h" in Article.objects.get().body
        assert LogEntry.objects.count() == 5
        assert {str(d.by) for d in Decision.objects.all()} == {f"member of {EDITOR}"}
        content = text_of(client.get(address(article)))
        assert content.count(f"member of {EDITOR}") > 3

    def test_the_button_of_a_break_says_what_it_does(self, sign_in):
        article = store(LONG).article
        client = sign_in(EDITOR)
        assert "在「首先」前分段</button>" in text_of(client.get(address(article)))
        flag = flags_of(article, "paragraph-break")[0]
        sent = decide(client, article, "accept", decisions.token(flag), candidate="\r\n首先")
        assert "這裡已另起一段。" in text_of(sent)
        assert "<q>↵首先</q>" in text_of(sent)
        assert "<p>首先，要走访。" in Article.objects.get().body

    def test_a_date_is_typed_on_the_page(self, sign_in, article):
        client = sign_in(EDITOR)
        assert "日期，如 2020-05-09" in text_of(client.get(address(article)))
        token = decisions.token(flags_of(article, "missing-date")[0])
        assert "這不是日期" in text_of(decide(client, article, "accept", token, text="昨天"))
        assert "日期已填入。" in text_of(decide(client, article, "accept", token, text="2020-05"))
        assert str(Article.objects.get().stated_date) == "2020-05-01"

    def test_an_undone_edit_is_offered_to_be_made_again(self, sign_in, article):
        client = sign_in(EDITOR)
        token = decisions.token(edit_of(article, "(zhí)"))
        decide(client, article, "undo", token)
        content = text_of(client.get(f"{address(article)}?at={token}"))
        assert len(re.findall(r'class="mark undone"', content)) == 2
        assert 'value="undo" id="undo" hidden' in content

    @pytest.mark.parametrize("number", ["", "x", "9" * 30, "²"])
    def test_odd_numbers_are_refused(self, sign_in, article, number):
        response = decide(sign_in(EDITOR), article, "take_back", decision=number)
        assert response.status_code == 200
        assert [m.level_tag for m in response.context["messages"]] == ["error"]
        assert not Decision.objects.exists()

    def test_nobody_is_sent_elsewhere(self, sign_in, article):
        data = {"action": "settle", "token": "x", "anchor": "//evil.example"}
        response = sign_in(EDITOR).post(address(article), data)
        assert response["Location"] == f"{address(article)}?#"

    def test_two_curators_at_once_are_told(self, sign_in, article):
        token = decisions.token(lost(article))
        first, second = sign_in(EDITOR), sign_in(REVIEWER)
        decide(first, article, "accept", token, candidate="。縣")
        response = decide(second, article, "accept", token, text="別的")
        assert [str(m.level_tag) for m in response.context["messages"]] == ["error"]
        assert "這一年。縣" in Article.objects.get().body
        assert Decision.objects.count() == 1


@pytest.mark.same_on_both
class TestPermissions:
    def test_a_live_article_is_for_those_who_publish(self, sign_in, article):
        Article.objects.update(status="published", published_at="2020-01-01T00:00Z")
        token = decisions.token(lost(article))
        editor = sign_in(EDITOR)
        assert editor.get(address(article)).status_code == 200
        assert 'value="settle"' not in text_of(editor.get(address(article)))
        assert (
            editor.post(address(article), {"action": "settle", "token": token}).status_code == 403
        )
        assert not Decision.objects.exists()
        decide(sign_in(REVIEWER), article, "settle", token)
        assert Decision.objects.exists()

    @pytest.mark.parametrize("group", [EDITOR, REVIEWER, ADMINISTRATOR, None])
    def test_the_source_needs_its_permission(self, sign_in, article, group):
        client = sign_in(group)
        assert client.get(address(article)).status_code == (200 if group else 403)
        code = client.post(address(article), {"action": "x"}).status_code
        assert code == (302 if group else 403)

    def test_strangers_sign_in_first(self, client, article):
        assert client.get(address(article)).status_code == 302
        assert client.post(address(article)).status_code == 302

    def test_a_request_from_elsewhere_is_refused(self, sign_in, article):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = sign_in(REVIEWER).cookies
        data = {"action": "settle", "token": decisions.token(lost(article))}
        assert strict.post(address(article), data).status_code == 403
        assert not Decision.objects.exists()

    def test_looking_decides_nothing(self, sign_in, article):
        token = decisions.token(lost(article))
        sign_in(REVIEWER).get(address(article), {"action": "settle", "token": token})
        assert not Decision.objects.exists()


@pytest.mark.same_on_both
class TestLarge:
    @pytest.fixture
    def article(self, db):
        line = "第{0}次走訪，工會要到職工中間去,聽他們說，替他們辦，" + "辦完再問一聲。" * 22
        lines = [line.format(number) for number in range(2000)]
        return store("談談工會的走訪\n作者：劉明\n" + "\n".join(lines)).article

    def test_a_long_text_with_thousands_of_edits_is_a_small_page(self, sign_in, article):
        assert len(article.source.text) > 360_000
        assert article.source.edit_count == 2000
        client = sign_in(EDITOR)
        response = client.get(address(article))
        assert len(response.content) < 600_000
        assert "1 / 10" in text_of(response)
        last = text_of(client.get(address(article) + "?page=10"))
        assert last.count('class="mark replaced"') == 2 * source_view.MARKS_A_PAGE
        hidden = text_of(client.get(address(article) + "?filter=1"))
        assert "1 / 10" not in hidden
        assert len(hidden) < 1_200_000

    def test_a_text_without_an_edit_is_folded(self, sign_in):
        article = store("談談工會的走訪\n作者：劉明\n" + "工會要到職工中間去。\n" * 6_000).article
        response = sign_in(EDITOR).get(address(article))
        assert len(response.content) < 60_000


def test_the_lists_and_the_form_lead_to_it(sign_in, article):
    client = sign_in(EDITOR)
    assert address(article) in text_of(client.get("/admin/articles/article/"))
    form = text_of(client.get(f"/admin/articles/article/{article.pk}/change/"))
    assert address(article) in form


def test_flags_settled_let_an_article_be_published(sign_in, article):
    client = sign_in(REVIEWER)
    bulk(client, "publish", [article])
    assert not Article.objects.published().exists()
    decide(client, article, "accept", decisions.token(lost(article)), candidate="。縣")
    bulk(client, "publish", [article])
    assert Article.objects.published().exists()


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_cannot_be_logged_is_not_taken(monkeypatch):
    article = store(TEXT).article
    edit = article.source.edits[0]
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))

    def broken(*_args, **_more):
        raise ConnectionError("the log is out of reach")

    monkeypatch.setattr("articles.admin.audited.audit", broken)
    sent = {"action": "undo", "token": decisions.token(edit)}
    with pytest.raises(ConnectionError):
        client.post(f"/admin/articles/article/{article.pk}/import/", sent)
    assert Source.objects.get().edits[0] == edit
    assert not Decision.objects.exists()


def test_what_is_no_essay_can_go_to_the_bin_from_its_flag(sign_in):
    text = "工会干部学习平台\n课程目录\n" + "".join(
        f"第{n}讲 工会法解读 3{n}分钟 开始学习\n" for n in range(1, 8)
    )
    article = library.store(make_draft(text.encode(), "列表.txt"), "/列表.txt", "列表.txt").article
    page = sign_in(ADMINISTRATOR).get(f"{LIST}{article.pk}/import/").content.decode()
    assert "不是文章" in page
    assert f'<a href="/admin/articles/article/{article.pk}/delete/">移入資源回收筒' in page
