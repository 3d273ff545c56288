"""The curators' desk: who may do what, what a list costs, what the form keeps."""

import re
from datetime import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime

from articles.curation import revisions
from articles.curation.publishing import blocking_flags
from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, Author, Source, Tag

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
EDITOR, REVIEWER, ADMINISTRATOR = "編輯", "審核", "管理員"


def form_of(article=None, **changes) -> dict:
    """Return what the article form sends."""
    data = {
        "title": "題目", "summary": "", "body": "<p>正文</p>", "status": "draft",
        "published_at_0": "", "published_at_1": "", "stated_date": "", "date_precision": "",
        "source_name": "", "source_url": "", "genre": "", "original_script": "zh-Hant", "note": "",
    }  # fmt: skip
    if article:
        data |= {"title": article.title, "body": article.body, "status": article.status}
        data["version"] = revisions.version(article)
        data["original_script"] = article.original_script
        data["byline"] = [author.pk for author in article.byline]
        data["tags"] = [tag.pk for tag in article.tags.all()]
        if article.published_at:
            at = localtime(article.published_at)
            data |= {"published_at_0": f"{at:%Y-%m-%d}", "published_at_1": f"{at:%H:%M:%S}"}
    return data | changes


def store_imported() -> Article:
    text = (
        "谈谈工会的走访\n作者：刘明\n"
        "一、走訪\n工會(huì)要到職(zhí)工中間去,聽(tīng)他們說,工會(huì)辦完再問一聲,這一年\ufffd工會(huì)好。\n"
    )
    draft = make_draft(text.encode("gb18030"), "走访.txt", vocabulary=Tag.objects.vocabulary())
    return library.store(draft, "/tmp/走访.txt", "走访.txt").article  # noqa: S108 - no file


@pytest.fixture
def imported(db):
    return store_imported()


class TestPermissions:
    ADDRESSES = [
        "/admin/",
        LIST,
        f"{LIST}add/",
        f"{LIST}{{pk}}/change/",
        f"{LIST}{{pk}}/history/",
        f"{LIST}{{pk}}/source/",
        f"{LIST}{{pk}}/delete/",
        "/admin/articles/author/",
        "/admin/articles/tag/",
        "/admin/articles/importrun/",
        "/admin/auth/user/",
        f"{LIST}?bin=yes",
        f"{LIST}bulk/",
        "/admin/articles/auditentry/",
        "/admin/articles/auditentry/export/",
        "/admin/autocomplete/?app_label=articles&model_name=article&field_name=tags&term=維",
    ]
    ALLOWED = {
        EDITOR: "✓✓✓✓✓✓✓✓✓✓–✓✓––✓",
        REVIEWER: "✓✓✓✓✓✓✓✓✓✓–✓✓✓✓✓",
        ADMINISTRATOR: "✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓",
        None: "✓–––––––––––––––",
    }

    @pytest.mark.same_on_both
    @pytest.mark.parametrize("group", ALLOWED)
    def test_each_group_reaches_what_it_should(self, sign_in, imported, group):
        client = sign_in(group)
        marks = ""
        for address in self.ADDRESSES:
            code = client.get(address.format(pk=imported.pk)).status_code
            assert code in (200, 403), address
            marks += "✓" if code == 200 else "–"
        assert marks == self.ALLOWED[group]

    def test_strangers_and_readers_are_asked_to_sign_in(self, client, imported, django_user_model):
        reader = Client()
        reader.force_login(django_user_model.objects.create_user("reader"))
        for address in self.ADDRESSES:
            for visitor in (client, reader):
                assert visitor.get(address.format(pk=imported.pk)).status_code == 302

    def test_an_editor_cannot_publish_by_the_form(self, sign_in, make_article):
        client = sign_in(EDITOR)
        draft = make_article(status="draft")
        response = client.post(f"{LIST}{draft.pk}/change/", form_of(draft, status="published"))
        assert response.status_code == 200
        draft.refresh_from_db()
        assert draft.status == "draft"
        client.post(f"{LIST}{draft.pk}/change/", form_of(draft, status="in_review"))
        draft.refresh_from_db()
        assert draft.status == "in_review"

    def test_an_editor_cannot_publish_by_the_action(self, sign_in, make_article):
        draft = make_article(status="draft")
        sign_in(EDITOR).post(LIST, {"action": "publish", "_selected_action": [draft.pk]})
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_what_an_editor_changes_of_a_live_article_is_a_draft(self, sign_in, make_article):
        live = make_article()
        client = sign_in(EDITOR)
        assert client.get(f"{LIST}{live.pk}/change/").status_code == 200
        client.post(f"{LIST}{live.pk}/change/", form_of(live, title="改"))
        live.refresh_from_db()
        assert live.title != "改"
        assert live.draft.content["title"] == "改"
        data = form_of(live, title="改", _publish="1")
        assert client.post(f"{LIST}{live.pk}/change/", data).status_code == 403
        assert Article.objects.get().title != "改"

    def test_an_editor_cannot_schedule(self, sign_in, make_article):
        draft = make_article(status="draft")
        data = form_of(draft, published_at_0="2020-01-01", published_at_1="00:00:00")
        sign_in(EDITOR).post(f"{LIST}{draft.pk}/change/", data)
        draft.refresh_from_db()
        assert draft.published_at is None

    def test_the_source_needs_its_own_permission(self, sign_in, imported):
        client = sign_in(EDITOR)
        group = Group.objects.get(name=EDITOR)
        group.permissions.remove(group.permissions.get(codename="view_source"))
        assert client.get(f"{LIST}{imported.pk}/source/").status_code == 403
        assert "desk-source" not in client.get(f"{LIST}{imported.pk}/change/").content.decode()

    def test_an_administrator_cannot_become_more(self, sign_in, django_user_model):
        client = sign_in(ADMINISTRATOR)
        own = django_user_model.objects.get()
        data = {"username": own.username, "is_staff": "on", "is_active": "on", "is_superuser": "on"}
        data |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
        client.post(f"/admin/auth/user/{own.pk}/change/", data)
        own.refresh_from_db()
        assert not own.is_superuser
        root = django_user_model.objects.create_superuser("root")
        assert client.get(f"/admin/auth/user/{root.pk}/password/").status_code != 200
        assert "root" not in client.get("/admin/auth/user/").content.decode()

    def test_an_editor_changes_no_author_or_tag_that_readers_see(self, sign_in, make_article):
        live = make_article(authors=["劉明"], tags=["維權"])
        make_article(authors=["王芳"], tags=["提案"], status="draft")
        client = sign_in(EDITOR)
        for kind, seen, unseen in [
            ("author", live.byline[0], Author.objects.get(name_hant="王芳")),
            ("tag", Tag.objects.get(name="维权"), Tag.objects.get(name="提案")),
        ]:
            for instance, code in [(seen, 403), (unseen, 302)]:
                data = {
                    "name": instance.name, "name_hant": instance.name_hant, "group": "duty",
                    "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
                }  # fmt: skip
                address = f"/admin/articles/{kind}/{instance.pk}/change/"
                assert client.post(address, data).status_code == code, (kind, instance)

    def test_an_editor_does_not_bring_back_what_was_archived(self, sign_in, make_article):
        archived = make_article(status="archived", published_at=timezone.now())
        client = sign_in(EDITOR)
        client.post(f"{LIST}{archived.pk}/change/", form_of(archived, status="draft", title="改"))
        archived.refresh_from_db()
        assert (archived.status, archived.title) == ("archived", "工會要走進班組")


class TestList:
    @pytest.fixture
    def client(self, sign_in):
        return sign_in(ADMINISTRATOR)

    def test_its_queries_do_not_grow(self, client, make_article, django_assert_max_num_queries):
        client.get(LIST)
        for size in (3, 30):
            for number in range(size):
                make_article(f"第{number}篇", authors=["劉明"], tags=["維權", "提案"])
            with django_assert_max_num_queries(13):
                response = client.get(LIST)
            assert response.status_code == 200

    def test_it_never_reads_bodies_or_sources(
        self, client, imported, django_assert_max_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(LIST)
        read = " ".join(query["sql"] for query in caught)
        for column in ('"body"', '"search_text"', '"raw"', '"text"', '"edits"'):
            assert column not in read

    def test_it_tells_status_authors_tags_and_flags(self, client, imported):
        content = client.get(LIST, headers={"accept-language": "zh-TW"}).content.decode()
        for text in ("草稿", "劉明", "缺字", "缺日期"):
            assert text in content

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=走訪", True), ("q=走访", True), ("q=沒有的", False), ("status__exact=draft", True),
            ("status__exact=published", False), ("flags=some", True), ("flags=none", False), ("flags=own", False),
        ],
    )  # fmt: skip
    def test_search_and_filters(self, client, imported, query, found):
        content = client.get(f"{LIST}?{query}").content.decode()
        assert ("談談工會的走訪" in content) is found

    def test_a_run_leads_to_its_articles(self, client, imported):
        assert client.get(f"{LIST}?source__run__id__exact=1").status_code == 200

    @pytest.mark.parametrize("tail", ["change/", "source/", "delete/", "history/"])
    def test_an_impossible_number_is_not_found(self, client, tail):
        assert client.get(f"{LIST}{10**22}/{tail}").status_code in (302, 404)


class TestForm:
    @pytest.fixture
    def client(self, sign_in):
        return sign_in(REVIEWER)

    def test_a_new_article(self, client):
        tag = Tag.objects.get(name="维权")
        author = Author(name_hant="王芳")
        author.save()
        data = form_of(
            title="新的一篇",
            body='<p onclick="x()">好<script>x</script></p>',
            tags=[tag.pk],
            status="published",
            byline=[author.pk],
        )  # fmt: skip
        response = client.post(f"{LIST}add/", data)
        assert response.status_code == 302, response.context["errors"]
        article = Article.objects.get()
        assert article.body == "<p>好</p>"
        assert list(article.tags.all()) == [tag]
        assert article.byline == [author]
        assert article.is_public
        assert article.created_by == article.modified_by == User.objects.get()
        assert article.renditions.count() == 2

    def test_tags_are_set_as_chosen(self, client, make_article):
        draft = make_article(status="draft", tags=["維權"])
        other = Tag.objects.get(name="提案")
        content = client.get(f"{LIST}{draft.pk}/change/").content.decode()
        assert f'<option value="{Tag.objects.get(name="维权").pk}" selected>維權' in content
        client.post(f"{LIST}{draft.pk}/change/", form_of(draft, tags=[other.pk]))
        assert list(draft.tags.all()) == [other]

    def test_a_precision_without_a_date_is_explained(self, client):
        response = client.post(f"{LIST}add/", form_of(date_precision="day"))
        assert "請補上日期" in response.content.decode()

    def test_a_future_time_publishes_then(self, client, make_article):
        draft = make_article(status="draft")
        data = form_of(
            draft, status="published", published_at_0="2199-01-01", published_at_1="08:00"
        )
        client.post(f"{LIST}{draft.pk}/change/", data)
        draft.refresh_from_db()
        assert draft.status == "published"
        assert draft.published_at > timezone.now()
        assert not Article.objects.published().exists()

    def test_a_summary_of_the_import_stands_beside(self, client, imported):
        content = client.get(f"{LIST}{imported.pk}/change/").content.decode()
        assert "<span>拼音夾註 5</span>" in content
        assert "gb18030" in content
        assert re.search(
            r'class="blocking"><a href="[^"]*flag=\d+#place-\d+"><strong>缺字</strong>', content
        )
        assert f"{LIST}{imported.pk}/import/" in content

    def test_the_original_comes_back_byte_for_byte(self, client, imported):
        response = client.get(f"{LIST}{imported.pk}/source/")
        assert response.content == bytes(Source.objects.get().raw)

    @pytest.mark.parametrize(
        ("stored", "sent"),
        [
            ("b.zip!/c/走訪.txt", "attachment; filename*=utf-8''%E8%B5%B0%E8%A8%AA.txt"),
            ('a "b".txt', r'attachment; filename="a \"b\".txt"'),
            ("a\r\nX-Evil: 1.txt", 'attachment; filename="aX-Evil: 1.txt"'),
        ],
    )
    def test_the_original_comes_back_with_its_name(self, client, imported, stored, sent):
        Source.objects.update(file_name=stored)
        response = client.get(f"{LIST}{imported.pk}/source/")
        assert response.headers["Content-Disposition"] == sent

    def test_queries_of_the_form(self, client, imported, django_assert_max_num_queries):
        client.get(
            f"{LIST}{imported.pk}/change/"
        )  # the first of a process asks what kinds there are
        with django_assert_max_num_queries(20):
            client.get(f"{LIST}{imported.pk}/change/")


class TestVocabulary:
    def test_autocomplete_finds_either_script_and_pinyin(self, sign_in):
        client = sign_in(EDITOR)
        for term in ("維權", "维权", "weiquan"):
            address = f"/admin/autocomplete/?app_label=articles&model_name=article&field_name=tags&term={term}"
            assert "維權" in [found["text"] for found in client.get(address).json()["results"]]

    def test_a_tag_gets_its_other_script(self, sign_in):
        data = {
            "name": "", "name_hant": "勞保用品", "group": "duty", "slug": "", "description": "", "description_hant": "",
            "aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0", "aliases-0-name": "勞保",
        }  # fmt: skip
        response = sign_in(EDITOR).post("/admin/articles/tag/add/", data)
        assert response.status_code == 302, response.context["errors"]
        tag = Tag.objects.get(name="劳保用品")
        assert tag.slug == "lao-bao-yong-pin"
        assert Tag.objects.named("劳保") == tag

    @pytest.mark.parametrize("alias", ["維護職工權益", "维权"])
    def test_an_alias_that_stands_already_is_refused_in_words(self, sign_in, alias):
        tag = Tag.objects.get(name="提案")
        data = {
            "name": tag.name, "name_hant": tag.name_hant, "group": tag.group,
            "aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0", "aliases-0-name": alias,
            "aliases-0-tag": tag.pk,
        }  # fmt: skip
        response = sign_in(REVIEWER).post(f"/admin/articles/tag/{tag.pk}/change/", data)
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()

    def test_a_tag_without_a_name_is_refused_in_words(self, sign_in):
        data = {
            "name": "", "name_hant": "", "group": "duty", "slug": "",
            "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
        }  # fmt: skip
        response = sign_in(EDITOR).post("/admin/articles/tag/add/", data)
        assert response.status_code == 200
        assert "至少填一種，繁體或簡體" in response.content.decode()

    def test_a_tag_that_exists_in_the_other_script_is_refused_in_words(self, sign_in):
        data = {
            "name": "", "name_hant": "維權", "group": "duty", "slug": "",
            "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
        }  # fmt: skip
        assert sign_in(EDITOR).post("/admin/articles/tag/add/", data).status_code == 200


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    "path", ["", "articles/article/", "articles/article/add/", "articles/tag/", "articles/author/", "articles/importrun/", "auth/user/", "articles/article/?bin=yes", "articles/article/bulk/", "articles/auditentry/", "auth/group/"]
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-TW", "zh-CN"])
def test_every_desk_opens_in_both_scripts(sign_in, path, language):
    client = sign_in(ADMINISTRATOR, is_superuser=True)
    response = client.get(f"/admin/{path}", headers={"accept-language": language})
    assert response.status_code == 200
    title = "工会书房" if language == "zh-CN" else "工會書房"
    assert title in response.content.decode()


@pytest.mark.same_on_both
class TestStanding:
    """What readers do not see yet, or no more, is nowhere called seen."""

    HANT = {"accept-language": "zh-TW"}
    SCHEDULED, EXPIRED = "2199-01-01 08:00", "2020-03-02 09:30"

    @pytest.fixture
    def client(self, sign_in):
        return sign_in(ADMINISTRATOR)

    @pytest.fixture
    def scheduled(self, make_article):
        return make_article(published_at=_moment(2199, 1, 1, 8))

    @pytest.fixture
    def expired(self, make_article):
        times = {"published_at": _moment(2020, 1, 1, 8), "expires_at": _moment(2020, 3, 2, 9, 30)}
        return make_article(**times)

    def text(self, client, address, **options) -> str:
        return client.get(address, headers=self.HANT, **options).content.decode()

    def send(self, client, article, **changes) -> str:
        data = form_of(article, **changes)
        if article.expires_at:
            data |= {"expires_at_0": "2020-03-02", "expires_at_1": "09:30:00"}
        address = f"{LIST}{article.pk}/change/"
        answer = client.post(address, data, headers=self.HANT, follow=True)
        return "".join(map(str, answer.context["messages"]))

    def test_the_form(self, client, scheduled, expired, make_article):
        live, archived = make_article(), make_article(status="archived")
        for article, said in (
            (live, "這是讀者目前看到的版本"),
            (scheduled, f"定於 {self.SCHEDULED} 發布，在此之前讀者看不到"),
            (expired, f"已於 {self.EXPIRED} 下線"),
            (archived, "已封存，讀者看不到了"),
        ):
            content = self.text(client, f"{LIST}{article.pk}/change/")
            assert said in content
            assert ("讀者目前看到的版本" in content) is (article is live)

    def test_the_form_of_a_draft_over_it(self, client, expired):
        self.send(client, expired, title="改", expires_at_0="2199-01-01")
        content = self.text(client, f"{LIST}{expired.pk}/change/")
        assert f"已於 {self.EXPIRED} 下線" in content
        assert "讀者看到的仍是原來的版本" not in content

    def test_the_list_marks_it_with_its_time(self, client, scheduled, expired):
        content = self.text(client, LIST)
        assert f'<span class="badge scheduled">定時發布</span> <small>{self.SCHEDULED}' in content
        assert f'<span class="badge expired">已下線</span> <small>{self.EXPIRED}' in content
        assert 'class="badge published"' not in content

    def test_what_is_told_after_saving(self, client, scheduled, expired, make_article):
        assert f"定於 {self.SCHEDULED} 發布" in self.send(
            client, scheduled, _publish="1", title="改"
        )
        assert f"已於 {self.EXPIRED} 下線" in self.send(client, expired, _publish="1", title="改")
        assert "讀者現在看到的就是這一版" in self.send(
            client, make_article(), _publish="1", title="改"
        )

    def test_after_publishing_there_is_the_way_to_readers_page(self, client, make_article):
        live = make_article()
        told = self.send(client, live, _publish="1", title="<b>改</b>")
        live = Article.objects.get(pk=live.pk)
        assert f'<a href="{live.url_in("zh-Hant")}">《&lt;b&gt;改&lt;/b&gt;》</a>' in told
        assert "須先處理" not in told

    def test_after_publishing_the_blocking_flags_left_are_told(self, client, imported):
        over = [flag["seen"] for flag in blocking_flags([imported.pk])[imported.pk]]
        told = self.send(client, imported, _publish="1", title="改", over=over)
        assert f"還有 {imported.source.blocking_count} 處須先處理的待核處" in told
        assert f'<a href="{LIST}{imported.pk}/import/">' in told
        self.send(client, Article.objects.get(pk=imported.pk), title="再改")
        version = revisions.version(Article.objects.get(pk=imported.pk))
        address, sent = f"{LIST}{imported.pk}/draft/", {"version": version, "over": over}
        answer = client.post(address, sent, headers=self.HANT, follow=True)
        assert "處須先處理的待核處" in "".join(map(str, answer.context["messages"]))

    def test_what_is_told_of_a_draft(self, client, expired, make_article):
        assert "讀者" not in self.send(client, expired, title="改")
        assert "讀者看到的版本沒有改變" in self.send(client, make_article(), title="改")

    def test_the_preview(self, client, scheduled, expired):
        assert f"定於 {self.SCHEDULED} 發布" in self.text(client, f"{LIST}{scheduled.pk}/preview/")
        content = self.text(client, f"{LIST}{expired.pk}/preview/")
        assert f"已於 {self.EXPIRED} 下線" in content
        assert "屆時" not in content


def _moment(*parts):
    return timezone.make_aware(datetime(*parts))
