"""The curators' words, the rebuild they start, and what readers looked for."""

import html
import re
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from articles.admin import reason_words
from articles.models import (
    Article,
    Author,
    DomainWord,
    Listing,
    SearchLog,
    SearchVersion,
    Synonym,
    Tag,
)
from articles.search import query_log
from articles.search.find import find
from articles.search.rebuild import differences, rebuild
from articles.search.supplied import supplied
from articles.search.words import current_words
from portal import jobs, processes

from .test_admin import ADMINISTRATOR, EDITOR, LIST, REVIEWER, form_of

pytestmark = pytest.mark.django_db

WORDS, SYNONYMS = "/admin/articles/domainword/", "/admin/articles/synonym/"
SEARCHES = "/admin/articles/searchlog/"


@pytest.fixture
def client(sign_in):
    return sign_in(REVIEWER)


@pytest.fixture
def started(monkeypatch):
    """Start no process; return what would have been started."""
    runs = []
    monkeypatch.setattr(jobs, "launch", lambda job, when_dead: runs.append(job))
    return runs


def text_of(client, address, **how) -> str:
    how = {"headers": {"accept-language": "zh-TW"}} | how
    return client.get(address, **how).content.decode()


class TestPermissions:
    PAGES = (WORDS, f"{WORDS}add/", f"{WORDS}progress/", SYNONYMS, f"{SYNONYMS}add/", SEARCHES)
    ALLOWED = {EDITOR: "––––––", REVIEWER: "✓✓✓✓✓✓", ADMINISTRATOR: "✓✓✓✓✓✓", None: "––––––"}

    @pytest.mark.parametrize("group", ALLOWED)
    def test_each_group_reaches_what_it_should(self, sign_in, started, group):
        client = sign_in(group)
        codes = [client.get(page).status_code for page in self.PAGES]
        assert "".join({200: "✓", 403: "–"}[code] for code in codes) == self.ALLOWED[group]
        shown = "專有詞" in text_of(client, "/admin/")
        assert shown == ("✓" in self.ALLOWED[group])
        answer = client.post(f"{WORDS}rebuild/").status_code
        assert answer == (302 if shown else 403)
        assert len(started) == shown

    def test_strangers_are_asked_to_sign_in(self, started):
        for page in self.PAGES:
            assert Client().get(page).status_code == 302
        assert Client().post(f"{WORDS}rebuild/").status_code == 302
        assert not started

    def test_a_rebuild_is_asked_for_by_a_form_of_the_desk(self, sign_in, client, started):
        assert client.get(f"{WORDS}rebuild/").status_code == 403
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        assert strict.post(f"{WORDS}rebuild/").status_code == 403
        assert not started

    def test_who_may_only_look_gets_no_button(self, sign_in, make_article, started):
        client = sign_in(None)
        user = client.get("/admin/").wsgi_request.user
        user.user_permissions.add(Permission.objects.get(codename="view_domainword"))
        make_article()
        DomainWord(word="看得懂").save()
        page = text_of(client, WORDS)
        assert "還有 1 篇" in page
        assert "rebuild/" not in page
        assert client.post(f"{WORDS}rebuild/").status_code == 403

    def test_nobody_writes_the_log(self, sign_in, django_user_model):
        query_log.note("工資", 3)
        row = SearchLog.objects.get()
        root = Client()
        root.force_login(django_user_model.objects.create_superuser("root"))
        for client in (sign_in(ADMINISTRATOR), root):
            assert client.get(f"{SEARCHES}add/").status_code == 403
            assert client.post(f"{SEARCHES}add/", {}).status_code == 403
            assert client.post(f"{SEARCHES}{row.pk}/change/", {"times": 9}).status_code == 403
            assert client.post(f"{SEARCHES}{row.pk}/delete/", {"post": "yes"}).status_code == 403
            data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            client.post(SEARCHES, data)
        row.refresh_from_db()
        assert row.times == 1

    def test_the_groups_may_do_no_more_than_meant(self):
        names = {"domainword", "synonym", "searchlog", "searchrow", "listing", "term"}
        for group, count in ((EDITOR, 0), (REVIEWER, 9), (ADMINISTRATOR, 9)):
            found = Group.objects.get(name=group).permissions.filter(content_type__model__in=names)
            assert found.count() == count


class TestWords:
    def test_a_word_is_added_as_it_is_matched(self, client):
        assert client.post(f"{WORDS}add/", {"word": " 廠務公開牆 "}).status_code == 302
        assert DomainWord.objects.filter(word="厂务公开墙").exists()
        for wrong in ("厂务公开墙", "字", "兩 個", "「公開」", "長" * 21, ""):
            response = client.post(f"{WORDS}add/", {"word": wrong})
            assert response.status_code == 200, wrong
            assert "errorlist" in response.content.decode()

    def test_a_word_is_found_in_either_script(self, client):
        DomainWord(word="厂务公开墙").save()
        for typed in ("廠務公開牆", "厂务公开墙"):
            assert ">廠務公開牆</a>" in text_of(client, f"{WORDS}?q={typed}")
            plain = text_of(client, f"{WORDS}?q={typed}", headers={"accept-language": "zh-CN"})
            assert ">厂务公开墙</a>" in plain
        assert "廠務公開牆" not in text_of(client, f"{WORDS}?q=別的")

    def test_a_word_is_named_in_the_script_of_the_desk(self, client):
        for language, word in (("zh-TW", "暖心驛站"), ("zh-CN", "暖心驿站")):
            headers = {"accept-language": language}
            told = client.post(f"{WORDS}add/", {"word": word}, follow=True, headers=headers)
            assert f"{word}</a>" in text_of_response(told)
            kept = DomainWord.objects.get(word="暖心驿站")
            form = text_of(client, f"{WORDS}{kept.pk}/change/", headers=headers)
            assert f'value="{word}"' in form
            data = {"word": word, "_continue": "yes"}
            assert f"{word}</a>" in text_of_response(
                client.post(f"{WORDS}{kept.pk}/change/", data, follow=True, headers=headers)
            )
            gone = client.get(f"{WORDS}{kept.pk}/delete/", headers=headers)
            assert word in text_of_response(gone)
            kept.delete()
        with translation.override("zh-hant"):
            assert str(Synonym(words="劳模、劳动模范")) == "勞模、勞動模範"

    def test_what_is_wrong_is_quoted_as_it_was_typed(self, client):
        response = client.post(f"{WORDS}add/", {"word": "勞動 模範"})
        assert "「勞動 模範」" in text_of_response(response)

    def test_words_are_deleted_one_or_many(self, client):
        number = SearchVersion.current()[0]
        keys = list(DomainWord.objects.values_list("pk", flat=True)[:4])
        client.post(f"{WORDS}{keys[0]}/delete/", {"post": "yes"})
        data = {"action": "delete_selected", "_selected_action": keys[1:], "post": "yes"}
        client.post(WORDS, data)
        assert not DomainWord.objects.filter(pk__in=keys).exists()
        assert SearchVersion.current() == (number + 2, True)

    def test_saving_a_word_as_it_was_changes_nothing(self, client):
        word = DomainWord.objects.first()
        before = SearchVersion.current()
        assert client.post(f"{WORDS}{word.pk}/change/", {"word": word.word}).status_code == 302
        assert SearchVersion.current() == before
        assert client.post(f"{WORDS}{word.pk}/change/", {"word": str(word)}).status_code == 302
        assert SearchVersion.current() == before
        client.post(f"{WORDS}{word.pk}/change/", {"word": "換了一個"})
        assert SearchVersion.current()[0] == before[0] + 1

    def test_synonyms_are_typed_freely(self, client):
        client.post(f"{SYNONYMS}add/", {"words": "勞模, 勞動模範；模範職工  勞模"})
        assert Synonym.objects.filter(words="劳模、劳动模范、模范职工").exists()
        for wrong in ("勞模", "勞模、", "勞模、字", "勞模、" * 99):
            response = client.post(f"{SYNONYMS}add/", {"words": wrong})
            assert "errorlist" in response.content.decode(), wrong
        rows = "、".join(f"㍿㍿㍿㍿{chr(0x4E00 + n)}" for n in range(40))  # as matched: 40 × 17
        response = client.post(f"{SYNONYMS}add/", {"words": rows})
        assert "請分開填" in text_of_response(response)

    @pytest.mark.parametrize("page", [WORDS, SYNONYMS, SEARCHES])
    @pytest.mark.parametrize(("language", "word"), [("zh-TW", "專有詞"), ("zh-CN", "专有词")])
    def test_the_pages_say_what_they_are_for_in_both_scripts(self, client, page, language, word):
        content = text_of(client, page, headers={"accept-language": language})
        assert 'class="help words-help"' in content
        if page != SEARCHES:
            assert word in content

    def test_what_a_list_costs(self, client, make_article, django_assert_max_num_queries):
        make_article()
        client.get(WORDS)
        for page in (WORDS, SYNONYMS, SEARCHES):
            with django_assert_max_num_queries(14):
                client.get(page)


def text_of_response(response) -> str:
    return response.content.decode()


class TestRebuild:
    @pytest.fixture
    def waiting(self, make_article):
        for n in range(3):
            make_article(f"第{n}篇", body="<p>账本要让职工看得懂才行。</p>")
        DomainWord(word="看得懂").save()

    def test_all_is_well_and_nothing_is_said(self, client, make_article):
        make_article()
        for page in (WORDS, SYNONYMS):
            content = text_of(client, page)
            assert "立即更新索引" not in content
            assert "run-note" not in content

    def test_a_stale_index_is_told_with_a_button(self, client, waiting):
        for page in (WORDS, SYNONYMS):
            content = text_of(client, page)
            assert "還有 3 篇文章等著更新" in content
            assert "照常可以搜尋" in content
            assert f'action="{page}rebuild/"' in content

    def test_articles_without_an_index_are_told_apart(self, client, waiting):
        Listing.objects.all().delete()
        first = Article.objects.first()
        first.search_row.delete()
        content = text_of(client, WORDS)
        assert "還有 1 篇文章不在索引裡" in content
        assert "還有 2 篇文章等著更新" in content

    def test_the_button_starts_one_rebuild(self, client, waiting, started):
        assert client.post(f"{SYNONYMS}rebuild/").headers["Location"] == SYNONYMS
        client.post(f"{WORDS}rebuild/")
        assert len(started) == 1
        content = text_of(client, WORDS)
        assert "正在更新索引" in content
        assert "立即更新索引" not in content
        assert '<span id="done">0</span> / <span id="total">3</span>' in content
        assert "desk/import-progress.js" in content
        told = client.get(f"{WORDS}progress/").json()
        assert told == {"state": "working", "done": 0, "total": 3}
        rebuild()
        told = client.get(f"{WORDS}progress/").json()
        assert told == {"state": "current", "done": 3, "total": 3}
        assert "run-note" not in text_of(client, WORDS)

    def test_a_rebuild_that_gives_no_sign_can_be_started_again(self, client, waiting, started):
        client.post(f"{WORDS}rebuild/")
        SearchVersion.objects.update(alive_until=timezone.now() - timedelta(seconds=1))
        assert client.get(f"{WORDS}progress/").json()["state"] == "stale"
        assert "立即更新索引" in text_of(client, WORDS)
        client.post(f"{WORDS}rebuild/")
        assert len(started) == 2

    def test_one_that_cannot_be_started_says_so(self, client, waiting, monkeypatch):
        def fail(job, when_dead):
            raise OSError("no more processes")

        monkeypatch.setattr(jobs, "launch", fail)
        response = client.post(
            f"{WORDS}rebuild/", follow=True, headers={"accept-language": "zh-TW"}
        )
        assert "無法開始更新索引" in text_of_response(response)
        assert "立即更新索引" in text_of_response(response)

    def test_a_rebuild_gives_signs_of_life(self, client, waiting):
        states = []
        rebuild(tell=lambda done, total: states.append(client.get(f"{WORDS}progress/").json()))
        assert states == [{"state": "working", "done": 3, "total": 3}]

    def test_one_that_dies_is_no_longer_at_work(self, client, waiting):
        SearchVersion.objects.update(alive_until=timezone.now() + timedelta(minutes=2))
        code = "raise SystemExit(1)"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(processes.connection, "close", lambda: None)  # the test's own
            process = subprocess.Popen([sys.executable, "-c", code])
            processes.see_to(process, SearchVersion.objects.release)
        assert client.get(f"{WORDS}progress/").json()["state"] == "stale"

    def test_words_of_a_change_that_was_rolled_back_are_not_remembered(self):
        """The next change has the same number, and other words."""
        with pytest.raises(RuntimeError), transaction.atomic():
            DomainWord(word="看得懂").save()
            assert "看得" in current_words().starts
            raise RuntimeError("a transaction that is ended")
        DomainWord(word="听得懂").save()
        assert "看得" not in current_words().starts
        assert "听得" in current_words().starts

    def test_words_of_a_database_that_was_emptied_are_not_remembered(self):
        for word in ("看得懂", "听得懂"):
            SearchVersion.objects.all().delete()
            DomainWord.objects.filter(word="看得懂").delete()
            DomainWord(word=word).save()
            assert word[:2] in current_words().starts
        assert "看得" not in current_words().starts


class TestSearches:
    @pytest.fixture
    def searches(self):
        today = timezone.localdate()
        for query, days_ago, hits, times in [
            ("工资", 0, 5, 2), ("工资", 1, 0, 3), ("没有的", 0, 0, 4), ("后来有", 0, 2, 1),
            ("后来有", 3, 0, 9), ("从前", 40, 0, 50),
        ]:  # fmt: skip
            day = today - timedelta(days=days_ago)
            SearchLog.objects.create(day=day, query=query, hits=hits, times=times)

    def rows(self, client, query="") -> list[tuple]:
        changes = client.get(f"{SEARCHES}{query}").context["cl"]
        return [(row.query, row.total, row.last_hits) for row in changes.result_list]

    def test_each_query_once_the_most_looked_for_first(self, client, searches):
        assert self.rows(client) == [("后来有", 10, 2), ("工资", 5, 5), ("没有的", 4, 0)]

    def test_filters_go_by_what_was_found_last(self, client, searches):
        assert self.rows(client, "?result=none") == [("没有的", 4, 0)]
        assert self.rows(client, "?result=some") == [("后来有", 10, 2), ("工资", 5, 5)]

    def test_days_are_chosen(self, client, searches):
        day = timezone.localdate() - timedelta(days=1)
        query = f"?day__year={day.year}&day__month={day.month}&day__day={day.day}"
        assert self.rows(client, query) == [("工资", 3, 0)]
        old = timezone.localdate() - timedelta(days=40)
        assert ("从前", 50, 0) in self.rows(client, f"?day__year={old.year}")
        assert f"day__year={old.year}" in text_of(client, SEARCHES)

    def test_search_and_order(self, client, searches):
        assert self.rows(client, "?q=工資") == [("工资", 5, 5)]
        assert self.rows(client, "?o=1")[0] == self.rows(client, "?o=2")[0] == ("没有的", 4, 0)
        assert self.rows(client, "?q=工資&result=none") == []

    def test_what_found_nothing_leads_to_forms_that_have_it_typed(self, client, sign_in):
        today = timezone.localdate()
        SearchLog.objects.create(day=today, query="育婴假", hits=0)
        SearchLog.objects.create(day=today, query="工资", hits=3)
        page = text_of(client, SEARCHES)
        links = [html.unescape(one) for one in re.findall(r'href="([^"]+/add/[^"]+)"', page)]
        assert links == [
            f"/admin/articles/{kind}/add/?{urlencode({field: '育嬰假'})}"
            for kind, field in (("synonym", "words"), ("article", "title"))
        ]
        for link, field in zip(links, ("words", "title"), strict=True):
            assert client.get(link).context["adminform"].form[field].value() == "育嬰假"

    def test_nothing_yet(self, client):
        assert self.rows(client) == []


class TestArticleForm:
    def test_an_article_expires(self, client, make_article):
        live = make_article(authors=["劉明"], tags=["維權"])
        for expires, is_public in (("2199-01-01", True), ("", True), ("2020-01-02", False)):
            data = form_of(live, published_at_0="2020-01-01", published_at_1="08:00")
            data |= {"expires_at_0": expires, "expires_at_1": "08:00" if expires else ""}
            data["_publish"] = "1"
            live = Article.objects.get(pk=live.pk)
            data["version"] = form_of(live)["version"]
            assert client.post(f"{LIST}{live.pk}/change/", data).status_code == 302
            live.refresh_from_db()
            assert live.is_public is is_public
            assert bool(find("工会").article_ids) is is_public
            assert differences() == []

    def test_it_does_not_expire_before_it_is_published(self, client, make_article):
        data = form_of(make_article(status="draft"), status="published")
        data |= {"published_at_0": "2026-01-02", "published_at_1": "08:00"}
        data |= {"expires_at_0": "2026-01-01", "expires_at_1": "08:00"}
        response = client.post(f"{LIST}add/", data, headers={"accept-language": "zh-TW"})
        assert "下線時間早於發布時間" in text_of_response(response)

    def test_an_editor_sees_the_time_and_cannot_set_it(self, sign_in, make_article):
        client = sign_in(EDITOR)
        draft = make_article(status="draft")
        page = text_of(client, f"{LIST}{draft.pk}/change/")
        assert "下線時間" in page
        assert 'name="expires_at_0"' not in page
        data = form_of(draft, expires_at_0="2020-01-01", expires_at_1="08:00")
        client.post(f"{LIST}{draft.pk}/change/", data)
        draft.refresh_from_db()
        assert draft.expires_at is None

    def test_an_editor_can_save_a_draft_whose_times_are_wrong(self, sign_in, make_article):
        now = timezone.now()
        draft = make_article(status="draft", published_at=now, expires_at=now - timedelta(days=1))
        data = form_of(draft, title="改了的題目")
        assert sign_in(EDITOR).post(f"{LIST}{draft.pk}/change/", data).status_code == 302
        draft.refresh_from_db()
        assert draft.title == "改了的題目"

    def test_the_index_follows_tags_and_authors(self, client):
        author, tag = Author(name_hant="王芳"), Tag.objects.get(name="维权")
        author.save()
        data = form_of(
            title="新的一篇", tags=[tag.pk], status="published",
            byline=[author.pk],
        )  # fmt: skip
        client.post(f"{LIST}add/", data)
        article = Article.objects.get()
        assert article.search_row.facets.startswith(f"t{tag.pk} a{author.pk} y")
        assert find("王芳").article_ids == [article.pk]
        data = form_of(article, status="published", tags=[], byline=[], _publish="1")
        data |= {"published_at_0": "2020-01-01", "published_at_1": "08:00"}
        assert client.post(f"{LIST}{article.pk}/change/", data).status_code == 302
        article.search_row.refresh_from_db()
        assert article.search_row.facets.startswith("y")
        assert differences() == []


class TestDeleting:
    @pytest.fixture
    def client(self, sign_in):
        return sign_in(ADMINISTRATOR)

    def delete_selected(self, client, address, *chosen):
        data = {"action": "delete_selected", "_selected_action": [one.pk for one in chosen]}
        page = text_of_response(client.post(address, data))
        client.post(address, data | {"post": "yes"})
        return page

    def test_an_article_moves_to_the_bin(self, client, make_article):
        one, kept = make_article("談談職代會", tags=["維權"]), make_article("談談女工")
        client.post(f"{LIST}{one.pk}/delete/", {"post": "yes"})
        assert list(Article.objects.outside_bin()) == [kept]
        assert not Listing.objects.filter(article=one).exists()
        assert differences() == []

    def test_tags_one_and_many(self, client, make_article):
        make_article(tags=["維權", "提案", "票決"])
        one, two, three = (Tag.objects.get(name=name) for name in ("维权", "提案", "票决"))
        client.post(f"/admin/articles/tag/{one.pk}/delete/", {"post": "yes"})
        assert differences() == []
        self.delete_selected(client, "/admin/articles/tag/", two, three)
        assert not Tag.objects.filter(pk__in=[one.pk, two.pk, three.pk]).exists()
        assert differences() == []

    def test_an_author_who_signs_stays(self, client, make_article):
        author = make_article(authors=["劉明"]).byline[0]
        client.post(f"/admin/articles/author/{author.pk}/delete/", {"post": "yes"})
        self.delete_selected(client, "/admin/articles/author/", author)
        assert Author.objects.filter(pk=author.pk).exists()


def test_reasons_that_come_with_the_portal_are_told_in_the_language_of_the_desk():
    told = {
        "everyday word": "口語說法",
        "short form; 中国工会章程": "簡稱；中國工會章程",
        "the law says 近亲属, 配偶": "法律作「近親屬、配偶」",
        "劳动法 44 says 休息日": "勞動法 44作「休息日」",
        "one figure, told each year": "同一事物的幾種說法",
        "工会自己定的": "工會自己定的",
    }
    with translation.override("zh-hant"):
        assert {reason: reason_words.in_words(reason) for reason in told} == told
        left = {row.reason for row in supplied() if row.kind != "word"}
        assert not [one for one in left if re.search("[a-z]{3}", reason_words.in_words(one))]
    with translation.override("en"):
        assert reason_words.in_words("everyday word") == "everyday word"
