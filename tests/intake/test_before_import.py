"""The table before an import: what it shows, what is typed in it, and what becomes of that."""

import json
import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import translation

from articles.admin import import_table, refusal_words
from articles.importing.refusals import REFUSALS, Refusal
from articles.intake import before_import, decisions, spool, uploads
from articles.models import Article, Decision, ImportRun, RunFile, Source, Status

from ..admin.test_admin import EDITOR, REVIEWER
from .test_import_essays import essay
from .test_uploads import act, checked, imported, page_of, send, work, zip_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("started")]

SIGNED = "替职工办事的第{0}点\n作者：刘明\n日期：2020-05-0{0}\n来源：工人日报\n\n"


@pytest.fixture
def started(monkeypatch):
    monkeypatch.setattr(uploads, "spawn", lambda run: None)


@pytest.fixture
def client(sign_in):
    return sign_in(REVIEWER)


def signed(number: int) -> str:
    return SIGNED.format(number) + essay(number).split("\n", 1)[1]


def row(run, path: str) -> RunFile:
    return run.files.get(path=path)


def form_of(*files: RunFile) -> dict:
    """Return what the form of the page sends of these files, untouched."""
    sent = {}
    for file in files:
        says = before_import.standing(file)
        sent[f"seen-{file.position}"] = import_table._seen(says)
        sent |= {f"{name}-{file.position}": value for name, value in says.values.items()}
        sent |= {f"right-{name}-{file.position}": "1" for name in says.right}
        sent[f"choice-{file.position}"] = says.choice
    return sent


def keep(client, run, sent, action="save", **headers):
    address = f"/admin/articles/importrun/{run.pk}/table/"
    return client.post(address, sent | {"action": action}, headers=headers)


def typed(client, run, path, action="save", **values):
    file = row(run, path)
    changes = {f"{name}-{file.position}": value for name, value in values.items()}
    return keep(client, run, form_of(file) | changes, action)


def article_of(path) -> Article:
    return Article.objects.get(source__file_name=path)


class TestWhatItShows:
    def test_each_file_with_its_fields_its_beginning_and_what_was_cut_worst_first(self, client):
        cut = signed(2).rstrip() + "\n分享到：微信 微博\n(责任编辑：张三)\n"
        run = checked(client, {"a.txt": signed(1), "b.txt": cut, "c.txt": essay(3), "d.txt": b""})
        page = page_of(client, run)
        places = [page.index(f'<span class="path">{name}.txt') for name in "dcba"]
        assert places[:2] == sorted(places)[:2], "what is lost, then what lacks an author"
        file = row(run, "b.txt")
        assert (file.title, file.authors, file.stated, file.source_name) == (
            "替职工办事的第2点",
            "刘明",
            "2020-05-02",
            "工人日报",
        )
        assert any("责任编辑" in line for line in file.cut)
        assert file.begins
        assert file.begins[:10] in page
        assert "<del>" in page
        assert row(run, "c.txt").doubts["authors"]["kind"] == "missing-author"

    def test_two_thousand_files_cost_what_thirty_do(self, client, django_assert_max_num_queries):
        run = checked(client, {"a.txt": essay(1)})
        one = run.files.get()
        RunFile.objects.bulk_create(
            RunFile(run=run, position=n, path=f"{n}.txt", outcome="created", title=f"第{n}篇",
                    weight=n % 7, doubts=one.doubts, flag_kinds=one.flag_kinds)
            for n in range(1, 2000)
        )  # fmt: skip
        address = f"/admin/articles/importrun/{run.pk}/change/?page=40"
        with django_assert_max_num_queries(15):
            page = client.get(address).content.decode()
        assert page.count('name="seen-') == import_table.A_PAGE
        assert len(re.findall(r"<(?:input|textarea|select)\b", page)) < 800
        file = run.files.get(position=1999)
        with django_assert_max_num_queries(12):
            keep(client, run, form_of(file) | {"title-1999": "改"}, "page-3")
        assert row(run, "1999.txt").typed["title"][0] == "改"

    def test_text_of_files_is_no_markup(self, client):
        evil = '"><img src=x onerror=alert(1)>'
        run = checked(client, {"a.txt": essay(1).replace("谈工会", evil)})
        typed(client, run, "a.txt", authors=evil)
        assert "<img src=x" not in page_of(client, run)


class TestWhatIsTyped:
    def test_is_what_the_article_says_and_answers_its_flags(self, client):
        run = checked(client, {"a.txt": essay(1), "b.txt": essay(2)})
        typed(
            client,
            run,
            "a.txt",
            title="换了题目",
            authors="祁硯舟、鄔雁聲",
            stated_date="2019-03",
            source_name="工人日报",
        )
        assert not Article.objects.exists()
        assert "换了题目" in page_of(client, run)
        act(client, run, "confirm")
        work(run)
        article = article_of("a.txt")
        assert (article.title, article.source_name, article.date_precision) == (
            "换了题目",
            "工人日报",
            "month",
        )
        assert [author.name_hant for author in article.byline] == ["祁硯舟", "鄔雁聲"]
        assert not {"missing-author", "missing-date"} & set(article.source.flag_kinds)
        made = article.source.decisions.all()
        assert {one.action for one in made} == {Decision.Action.TABLE}
        assert {one.by.username for one in made} == {f"member of {REVIEWER}"}
        assert article_of("b.txt").source.flag_kinds["missing-author"] == 1
        assert "换了题目" in page_of(client, run)

    def test_is_a_curators_own_an_update_leaves_it(self, client):
        run = checked(client, {"a.txt": essay(1)})
        typed(client, run, "a.txt", "confirm", title="换了题目", authors="祁硯舟")
        work(run)
        later = essay(1).replace("听职工说话", "听完职工说的话")
        assert imported(client, {"a.txt": later}, on_conflict="update").totals["updated"] == 1
        article = article_of("a.txt")
        assert (article.title, str(article.byline[0])) == ("换了题目", "祁硯舟")
        assert "听完职工说的话" in article.body
        assert "missing-author" not in article.source.flag_kinds

    def test_goes_into_the_draft_where_the_update_lies_over_the_text(self, client):
        imported(client, {"a.txt": essay(1)}, publish="on")
        article = article_of("a.txt")
        by_hand = article.body.replace("替他们办事", "帮他们办事", 1)
        Article.objects.filter(pk=article.pk).update(body=by_hand)
        later = essay(1).replace("听职工说话", "听完职工说的话")
        run = checked(client, {"a.txt": later}, on_conflict="update")
        typed(client, run, "a.txt", "confirm", title="换了题目", authors="祁硯舟")
        work(run)
        article = Article.objects.select_related("draft__text").get()
        assert (article.title, article.body) == ("替职工办事的第1点", by_hand)
        assert not article.byline
        content = article.draft.content
        assert (content["title"], content["authors"][0][2]) == ("换了题目", "祁硯舟")
        assert "听完职工说的话" in content["body"]
        assert "missing-author" not in article.source.flag_kinds

    def test_can_be_taken_back_at_the_article(self, client):
        run = checked(client, {"a.txt": essay(1)})
        typed(client, run, "a.txt", "confirm", authors="祁硯舟")
        work(run)
        article = article_of("a.txt")
        decision = article.source.decisions.get(finding__kind="missing-author")
        decisions.take_back(article, decision.pk, User.objects.first())
        article = article_of("a.txt")
        assert not article.byline
        assert article.source.flag_kinds["missing-author"] == 1

    def test_lets_what_blocked_be_published_at_once_and_nothing_else(self, client):
        run = checked(
            client, {"a.txt": "\n\n" + essay(1).split("\n", 1)[1], "b.txt": essay(2)}, publish="on"
        )
        doubted = [
            file for file in run.files.all() if any(d["blocking"] for d in file.doubts.values())
        ]
        assert [file.path for file in doubted] == ["a.txt"]
        typed(client, run, "a.txt", "confirm", title="换了题目")
        work(run)
        assert article_of("a.txt").status == Status.PUBLISHED
        assert article_of("a.txt").source.blocking_count == 0

    def test_a_doubt_that_is_none_is_answered_by_saying_so(self, client):
        run = checked(client, {"a.txt": essay(1)})
        file = run.files.get()
        keep(client, run, form_of(file) | {f"right-authors-{file.position}": "1"})
        assert not run.files.get().typed.get("title")
        act(client, run, "confirm")
        work(run)
        source = Source.objects.get()
        assert "missing-author" not in source.flag_kinds
        assert source.decisions.get().action == Decision.Action.TABLE

    def test_of_two_curators_neither_writes_over_the_other_unseen(self, client, sign_in):
        run = checked(client, {"a.txt": essay(1)})
        before = form_of(run.files.get())
        typed(client, run, "a.txt", title="甲的题目", authors="刘明")
        keep(client, run, before | {"title-0": "乙的题目", "source_name-0": "工人日报"})
        says = before_import.standing(run.files.get()).values
        assert says == {
            "title": "甲的题目",
            "authors": "刘明",
            "stated_date": "",
            "source_name": "工人日报",
        }
        told = keep(client, run, before | {"title-0": "乙的题目"}, accept="application/json").json()
        assert "甲的题目" in told["files"]["0"]["refused"]["title"]

    def test_what_cannot_be_is_refused_and_stops_the_import(self, client):
        run = checked(client, {"a.txt": essay(1)})
        typed(client, run, "a.txt", "confirm", stated_date="昨天", title=" ")
        run.refresh_from_db()
        assert run.state == "ready"
        assert run.files.get().typed == {}
        assert not Article.objects.exists()

    def test_a_candidate_is_taken_by_its_button(self, client):
        run = checked(client, {"a.txt": essay(1)})
        keep(client, run, form_of(run.files.get()) | {"take": "0:title:候选：题目"})
        assert run.files.get().typed["title"][0] == "候选：题目"

    def test_back_to_what_was_read_is_nothing_typed(self, client):
        run = checked(client, {"a.txt": essay(1)})
        typed(client, run, "a.txt", title="换了题目")
        typed(client, run, "a.txt", title=run.files.get().title)
        assert run.files.get().typed == {}

    def test_too_late_is_said(self, client):
        run = checked(client, {"a.txt": essay(1)})
        sent = form_of(run.files.get()) | {"title-0": "换了题目"}
        act(client, run, "confirm")
        assert keep(client, run, sent, accept="application/json").status_code == 409
        assert run.files.get().typed == {}

    @pytest.mark.parametrize(("group", "code"), [(EDITOR, 403), (None, 403), (REVIEWER, 302)])
    def test_is_for_who_may_import(self, client, sign_in, group, code):
        run = checked(client, {"a.txt": essay(1)})
        other = client if group == REVIEWER else sign_in(group)
        assert keep(other, run, form_of(run.files.get())).status_code == code
        assert other.get(f"/admin/articles/importrun/{run.pk}/table/").status_code == 403

    @pytest.mark.parametrize("seen", ["", "[]", "{}", '[{"title": 1}, 2, 3]', "[" * 9999])
    def test_odd_values_change_nothing(self, client, seen):
        run = checked(client, {"a.txt": essay(1)})
        assert keep(client, run, {"seen-0": seen, "title-0": "换"}).status_code == 302
        assert keep(client, run, {"seen-999999": seen}, "page-9").status_code == 302
        assert run.files.get().typed == {}


class TestConflicts:
    """A known name, or a changed file by another name: decided file by file."""

    OTHER = essay(1).replace("听职工说话", "听完职工说的话", 1)

    @pytest.fixture
    def known(self, client):
        imported(client, {"稿.zip": zip_of({"1.txt": essay(1)})})
        return Article.objects.get()

    def choose(self, client, files, choice, on_conflict="new"):
        run = checked(client, files, on_conflict=on_conflict)
        file = run.files.get()
        keep(client, run, form_of(file) | {f"choice-{file.position}": choice})
        act(client, run, "confirm")
        return work(run)

    @pytest.mark.parametrize("name", ["稿.zip", "改.zip"])
    @pytest.mark.parametrize(
        ("choice", "outcome", "count"),
        [("update", "updated", 1), ("new", "created", 2), ("leave", "unchanged", 1), ("", "created", 2)],
    )  # fmt: skip
    def test_is_offered_and_decided_by_file(self, client, known, name, choice, outcome, count):
        files = {name: zip_of({"1.txt": self.OTHER})}
        run = checked(client, files)
        assert run.files.get().like == known.pk
        page = page_of(client, run)
        assert f"/article/{known.pk}/change/" in page
        assert all(f'value="{one}"' in page for one in ("update", "new", "leave"))
        act(client, run, "cancel")
        run = self.choose(client, files, choice)
        assert (run.state, run.files.get().outcome) == ("done", outcome)
        assert Article.objects.count() == count
        known.refresh_from_db()
        assert ("听完职工说的话" in known.body) == (choice == "update")

    @pytest.mark.parametrize("on_conflict", ["skip", "fail"])
    def test_one_file_is_taken_where_the_others_are_not(self, client, known, on_conflict):
        files = {"稿.zip": zip_of({"1.txt": self.OTHER})}
        run = self.choose(client, files, "update", on_conflict)
        assert run.files.get().outcome == "updated"
        assert Article.objects.count() == 1

    def test_another_article_than_the_one_of_that_name_is_updated(self, client, known):
        imported(client, {"1.txt": essay(2)})
        second = Article.objects.exclude(pk=known.pk).get()
        run = checked(client, {"1.txt": self.OTHER})
        run.files.update(like=known.pk)
        keep(client, run, form_of(run.files.get()) | {"choice-0": "update"})
        act(client, run, "confirm")
        work(run)
        assert (run.files.get().outcome, run.files.get().article_id) == ("updated", known.pk)
        known.refresh_from_db()
        assert "听完职工说的话" in known.body
        assert Source.objects.filter(article__in=[known, second]).count() == 2

    def test_an_article_that_is_gone_by_then_is_told(self, client, known):
        files = {"改.zip": zip_of({"1.txt": self.OTHER})}
        run = checked(client, files)
        keep(client, run, form_of(run.files.get()) | {"choice-0": "update"})
        known.delete()
        act(client, run, "confirm")
        work(run)
        assert (run.files.get().outcome, Article.objects.count()) == ("failed", 0)
        assert "there is no more" not in page_of(client, run)

    def test_who_may_not_publish_chooses_no_update(self, client, known, sign_in):
        run = checked(client, {"改.zip": zip_of({"1.txt": self.OTHER})})
        Group.objects.get(name=EDITOR).permissions.add(
            Permission.objects.get(codename="add_importrun")
        )
        editor = sign_in(EDITOR)
        assert 'value="update"' not in page_of(editor, run)
        sent = form_of(run.files.get())
        assert keep(editor, run, sent | {"choice-0": "update"}).status_code == 403
        keep(client, run, sent | {"choice-0": "update"})
        assert act(editor, run, "confirm").status_code == 403


class TestCopies:
    def test_a_copy_by_another_title_and_author_is_shown_with_both(self, client):
        imported(client, {"a.txt": signed(1)})
        other = signed(1).replace("替职工办事的第1点\n作者：刘明", "班组里的一天\n作者：江北、王芳")
        run = checked(client, {"b.txt": other})
        page = page_of(client, run)
        assert run.totals["duplicate"] == 1
        assert all(
            said in page for said in ("班组里的一天", "江北、王芳", "替职工办事的第1点", "劉明")
        )
        act(client, run, "cancel")
        twice = zip_of({"甲.txt": essay(2), "乙.txt": essay(2)})
        run = imported(client, {"稿.zip": twice})
        assert "稿.zip!/乙.txt" in run.files.get(path="稿.zip!/甲.txt").note
        assert page_of(client, run).count("稿.zip!/乙.txt") == 2


class TestRuns:
    def test_a_later_run_takes_no_article_out_of_the_earlier_one(self, client):
        first = imported(client, {"a.txt": essay(1), "b.txt": essay(2)})
        later = essay(1).replace("听职工说话", "听完职工说的话")
        second = imported(client, {"a.txt": later}, on_conflict="update")
        assert set(first.brought) == set(Source.objects.all())
        assert [source.article for source in second.brought] == [article_of("a.txt")]
        listed = client.get(f"/admin/articles/article/?run={first.pk}").content.decode()
        assert listed.count("替职工办事的第") >= 2
        assert "2 " in page_of(client, first)


class TestRoom:
    def test_a_full_spool_says_what_to_do_and_keeps_nothing(self, client, settings, spool_folder):
        waiting = checked(client, {"a.txt": essay(1)})
        settings.SPOOL_MAX_MB = 0
        answer = send(client, {"b.txt": essay(2)})
        assert answer.status_code == 200
        assert f"/importrun/{waiting.pk}/change/" in answer.content.decode()
        assert ImportRun.objects.count() == 1
        settings.SPOOL_MAX_MB = 1
        assert send(client, {"b.txt": essay(2)}).status_code == 302

    def test_what_waits_is_counted(self, client, spool_folder):
        assert spool.used() == 0
        checked(client, {"a.txt": b"x" * 1000})
        assert spool.used() >= 1000


class TestRefusals:
    def test_the_desk_has_words_for_each(self):
        assert refusal_words.WORDS.keys() == REFUSALS.keys()

    @pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
    def test_in_both_scripts_with_the_values(self, language):
        for code, template in REFUSALS.items():
            names = set(re.findall(r"{(\w+)[!:}]", template))
            values = {name: "X" if name == "error" else 7 for name in names}
            assert "{" not in str(Refusal(code, values))
            with translation.override("en"):
                english = refusal_words.in_words([code, values])
            with translation.override(language):
                told = refusal_words.in_words([code, values])
            assert re.search("[\u4e00-\u9fff]{2}", told), told
            assert told != english
            assert ("7" in told) == ("7" in english), told

    def test_the_page_says_it(self, client):
        run = checked(client, {"a.txt": b"", "b.txt": b"%PDF-1.4", "c.txt": essay(1)})
        assert row(run, "b.txt").refusal == ["is-pdf", {"named": ".txt"}]
        assert row(run, "b.txt").error.startswith("The file is named .txt but is a PDF")
        page = page_of(client, run)
        assert "The file is" not in page
        assert json.dumps(row(run, "a.txt").refusal) == '["empty", {}]'
