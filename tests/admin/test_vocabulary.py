"""The desk of tags and authors: lists, merging with its permissions, tags in the article form."""

import html
import re
import threading
from functools import partial

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import OperationalError, connection
from django.test import Client

from articles.admin import tag_suggestions as tag_field
from articles.admin.vocabulary import AuthorAdmin, TagAdmin
from articles.curation import drafts, merging, revisions, tag_suggestions
from articles.importing.fields.labels import split_keywords
from articles.importing.fields.vocabulary import split_terms
from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, AuditEntry, Author, AuthorAlias, Merge, Tag

from ..support.together import barrier, together
from .test_admin import ADMINISTRATOR, EDITOR, LIST, REVIEWER, form_of

pytestmark = pytest.mark.django_db

TAGS, AUTHORS, MERGES = (f"/admin/articles/{kind}/" for kind in ("tag", "author", "merge"))
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client(sign_in):
    return sign_in(ADMINISTRATOR)


def tag(name) -> Tag:
    return Tag.objects.named(name)


def text_of(client, address, **options) -> str:
    answer = client.get(address, headers={"accept-language": "zh-TW"}, **options)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def merge_of(*rows) -> str:
    kind = rows[0]._meta.model_name
    return f"/admin/articles/{kind}/merge/?" + "&".join(f"one={row.pk}" for row in rows)


def merge(client, survivor, *others, **options):
    kind = survivor._meta.model_name
    data = {"one": [row.pk for row in (survivor, *others)], "stays": survivor.pk}
    data |= {"shown": survivor.pk, "do": "merge"}
    return client.post(f"/admin/articles/{kind}/merge/", data, **options)


class TestLists:
    def test_tags_stand_by_group_with_names_aliases_and_use(self, client, make_article):
        make_article(tags=["維權"])
        make_article(tags=["維權"], status="draft")
        content = text_of(client, TAGS)
        row = re.search(r"<tr>(?:(?!</tr>).)*>維權<.*?</tr>", content, re.DOTALL)[0]
        assert [re.sub("<[^>]*>", "", cell) for cell in re.findall("<td.*?</td>", row)][-5:] == [
            "维权", "基本職責", "權益維護、維護職工合法權益、維護職工權益、職工權益", "2", "1",
        ]  # fmt: skip
        assert content.index("安全生產") < content.index("職代會</a>") < content.index("勞動法</a>")

    @pytest.mark.parametrize(("use", "found"), [("none", False), ("some", True)])
    @pytest.mark.parametrize(("address", "name"), [(TAGS, "維權"), (AUTHORS, "王芳")])
    def test_unused_ones_are_listed(self, client, make_article, use, found, address, name):
        Author(name_hant="趙毅").save()
        make_article(tags=["維權"], authors=["王芳"])
        content = text_of(client, f"{address}?use={use}")
        assert (f">{name}</a>" in content) is found
        assert (">趙毅</a>" in content or ">提案</a>" in content) is not found

    @pytest.mark.parametrize("other", ["王 芳", "王芳", "王·芳"])
    def test_namesakes_are_pointed_out(self, client, make_article, other):
        make_article(authors=["王芳", "李明"])
        Author(name=other, unit="某厂工会").save()
        assert text_of(client, AUTHORS).count("1 位同名") == 2
        content = text_of(client, f"{AUTHORS}?namesakes=some&q=王芳")
        assert "某廠工會" in content
        assert "李明" not in content

    @pytest.mark.parametrize("address", [TAGS, AUTHORS])
    def test_their_queries_do_not_grow(
        self, client, make_article, address, django_assert_max_num_queries
    ):
        client.get(address)
        for size in (2, 20):
            for number in range(size):
                make_article(authors=[f"王{number}"], tags=["維權", "提案"])
            with django_assert_max_num_queries(12):
                client.get(address)

    def test_an_author_is_found_by_an_alias(self, client, make_article):
        make_article(authors=["魯迅", "李明"])
        AuthorAlias(author=Author.objects.get(name="鲁迅"), name="周樹人").save()
        content = text_of(client, f"{AUTHORS}?q=周樹人")
        assert "魯迅" in content
        assert "李明" not in content

    def test_a_renamed_address_goes_on_leading_there(self, client, make_article):
        make_article(tags=["維權"])
        one = tag("維權")
        data = {
            "name": one.name, "name_hant": one.name_hant, "group": one.group, "slug": "rights",
            "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
        }  # fmt: skip
        assert client.post(f"{TAGS}{one.pk}/change/", data).status_code == 302
        answer = client.get("/zh-hans/tags/weiquan/")
        assert (answer.status_code, answer.url) == (301, "/zh-hans/tags/rights/")

    def test_a_tag_named_as_an_alias_is_refused_in_words(self, client):
        data = {
            "name_hant": "職工權益", "group": "duty",
            "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
        }  # fmt: skip
        content = client.post(f"{TAGS}add/", data, headers={"accept-language": "zh-TW"})
        assert "標籤「維權」已用這個名稱作別名" in content.content.decode()

    @pytest.mark.parametrize("kind", ["tag", "author"])
    def test_a_missing_name_is_told_in_words_alone(self, client, kind):
        data = {
            "name_hant": " ", "group": "duty",
            "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
        }  # fmt: skip
        answer = client.post(
            f"/admin/articles/{kind}/add/", data, headers={"accept-language": "zh-TW"}
        )
        content = answer.content.decode()
        assert "至少" in content
        assert "_have_a_name" not in content

    def test_an_alias_that_is_taken_names_its_tag(self, client):
        one = tag("提案")
        data = {
            "name": one.name, "name_hant": one.name_hant, "group": one.group, "slug": one.slug,
            "aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0", "aliases-0-name": "職工權益",
            "aliases-0-tag": one.pk,
        }  # fmt: skip
        address = f"{TAGS}{one.pk}/change/"
        content = client.post(address, data, headers={"accept-language": "zh-TW"}).content.decode()
        assert "標籤「維權」已有這個別名" in content

    def test_deleting_tells_how_many_articles_lose_the_tag(self, client, make_article):
        for number in range(3):
            make_article(f"第{number}篇", tags=["維權"])
        one = tag("維權")
        content = text_of(client, f"{TAGS}{one.pk}/delete/")
        assert "3 篇文章將去掉這個標籤" in content
        assert "tagged with" not in content
        chosen = {"action": "delete_selected", "_selected_action": [one.pk, tag("提案").pk]}
        answer = client.post(TAGS, chosen, headers={"accept-language": "zh-TW"})
        assert "3 篇文章將去掉這個標籤" in answer.content.decode()
        assert "0 篇文章將去掉這個標籤" in answer.content.decode()
        client.post(f"{TAGS}{one.pk}/delete/", {"post": "yes"})
        assert not Tag.objects.filter(pk=one.pk).exists()


class TestDeleting:
    """What another one did between the page and the deed."""

    @pytest.fixture
    def author(self, db):
        author = Author(name_hant="劉明")
        author.save()
        return author

    @pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
    def test_an_author_who_begins_to_sign_meanwhile_stays(
        self, client, author, make_article, monkeypatch, many
    ):
        article, seen = make_article(), AuthorAdmin.get_deleted_objects

        def late(desk, objects, request):
            found = seen(desk, objects, request)
            article.set_authors([author])
            return found

        monkeypatch.setattr(AuthorAdmin, "get_deleted_objects", late)
        data = {"post": "yes", "action": "delete_selected", "_selected_action": [author.pk]}
        address = AUTHORS if many else f"{AUTHORS}{author.pk}/delete/"
        answer = client.post(address, data, headers={"accept-language": "zh-TW"}, follow=True)
        assert "沒有刪除" in answer.content.decode()
        assert Author.objects.filter(pk=author.pk).exists()
        assert not AuditEntry.objects.exists()

    def test_what_somebody_else_deleted_is_not_logged_again(self, client, monkeypatch):
        gone, stays = tag("維權"), tag("提案")
        seen = TagAdmin.get_deleted_objects

        def late(desk, objects, request):
            found = seen(desk, objects, request)
            Tag.objects.filter(pk=gone.pk).delete()
            return found

        monkeypatch.setattr(TagAdmin, "get_deleted_objects", late)
        keys = [gone.pk, stays.pk]
        data = {"post": "yes", "action": "delete_selected", "_selected_action": keys}
        assert client.post(TAGS, data).status_code == 302
        assert AuditEntry.objects.get().ids == [stays.pk]

    def test_what_fails_is_not_logged(self, client, monkeypatch):
        def broken(tags):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(type(Tag.objects.all()), "delete", broken)
        data = {"action": "delete_selected", "_selected_action": [tag("維權").pk], "post": "yes"}
        with pytest.raises(OperationalError):
            client.post(TAGS, data)
        assert not AuditEntry.objects.exists()


class TestMerging:
    def test_from_the_list_over_the_preview_to_the_log_and_back(self, client, make_article):
        live = make_article("工會要走訪", tags=["維權"])
        chosen = {"action": "merge", "_selected_action": [tag("維權").pk, tag("提案").pk]}
        page = client.post(TAGS, chosen)
        assert page.status_code == 302
        content = text_of(client, f"{page.url}&stays={tag('提案').pk}")
        for expected in (
            "保留「提案」時的改動", "1 篇文章改用標籤「提案」", "《工會要走訪》", "權益維護",
            "<code>/tags/weiquan/</code>", "取代被合併的標籤",
        ):  # fmt: skip
            assert expected in content
        assert Merge.objects.count() == 0
        answer = merge(client, tag("提案"), tag("維權"), follow=True)
        assert "1 篇文章" in answer.content.decode()
        assert list(live.tags.all()) == [tag("提案")]
        line = AuditEntry.objects.get(action="merge")
        assert (line.note, line.after) == ("維權 → 提案", {"name": ["提案"]})
        record = Merge.objects.get()
        assert record.by.get_username() == f"member of {ADMINISTRATOR}"
        assert "維權 → 提案" in text_of(client, MERGES)
        assert "維權" in text_of(client, f"{MERGES}{record.pk}/undo/")
        client.post(f"{MERGES}{record.pk}/undo/")
        assert [one.slug for one in live.tags.all()] == ["weiquan"]
        assert AuditEntry.objects.filter(action="unmerge").count() == 1
        assert "撤銷" in text_of(client, f"{MERGES}{record.pk}/undo/")

    def test_another_choice_is_shown_before_it_is_merged(self, client):
        one, other = tag("維權"), tag("提案")
        data = {"one": [one.pk, other.pk], "stays": other.pk, "shown": one.pk, "do": "merge"}
        answer = client.post(f"{TAGS}merge/", data)
        assert answer.url == f"{merge_of(one, other)}&stays={other.pk}"
        assert not Merge.objects.exists()
        content = text_of(client, answer.url)
        assert "尚未合併" in content
        assert "保留「提案」時的改動" in content
        client.post(f"{TAGS}merge/", data | {"shown": other.pk})
        assert str(Merge.objects.get()) == "維權 → 提案"

    def test_the_button_that_shows_merges_nothing(self, client):
        one, other = tag("維權"), tag("提案")
        data = {"one": [one.pk], "do": "show", "add": "提案"}
        assert client.post(f"{TAGS}merge/", data).url == merge_of(one, other)
        data = {"one": [one.pk, other.pk], "stays": other.pk, "shown": other.pk, "do": "show"}
        assert client.post(f"{TAGS}merge/", data).url == f"{merge_of(one, other)}&stays={other.pk}"
        assert not Merge.objects.exists()

    def test_authors(self, client, make_article):
        live = make_article(authors=["王芳", "汪芳"])
        one, other = live.byline
        content = text_of(client, merge_of(one, other))
        assert "1 篇文章改由「王芳」署名" in content
        merge(client, one, other)
        assert Article.objects.get().byline == [one]

    def test_another_one_is_added_by_name_alias_or_address(self, client, make_article):
        one = tag("維權")
        for name in ("提案", "職工提案", "ti-an"):
            Tag.objects.filter(name="提案").update(slug="ti-an")
            answer = client.get(f"{merge_of(one)}&add={name}")
            assert answer.url == merge_of(one, tag("提案")), name
        content = client.get(f"{merge_of(one)}&add={HOSTILE}", follow=True).content.decode()
        assert HOSTILE not in content
        assert "&lt;script&gt;" in content

    @pytest.mark.parametrize(
        "query", ["", "?one=", "?one=x", "?one=99999999", f"?one={10**30}", "?one=-1"]
    )
    def test_nothing_to_merge_is_not_found(self, client, query):
        assert client.get(f"{TAGS}merge/{query}").status_code == 404

    def test_one_alone_or_too_many_change_nothing(self, client):
        assert client.post(f"{TAGS}merge/", {"one": [tag("維權").pk]}).status_code == 200
        many = []
        for number in range(22):
            one = Tag(name=f"第{number}")
            one.save()
            many.append(one.pk)
        assert client.post(f"{TAGS}merge/", {"one": many}).status_code == 404
        answer = client.post(TAGS, {"action": "merge", "_selected_action": many}, follow=True)
        assert "最多選擇 21 個" in answer.content.decode()
        assert not Merge.objects.exists()

    def test_hostile_names_are_escaped(self, client, make_article):
        evil = Tag(name=HOSTILE, description=HOSTILE)
        evil.save()
        make_article(HOSTILE, tags=["維權"])
        for one, stays in ((evil, tag("維權")), (tag("維權"), evil)):
            content = client.get(f"{merge_of(one, stays)}&stays={stays.pk}").content.decode()
            assert HOSTILE not in content
        content = merge(client, tag("維權"), evil, follow=True).content.decode()
        assert HOSTILE not in content
        assert "&lt;script&gt;" in content
        undo = f"{MERGES}{Merge.objects.get().pk}/undo/"
        for address in (MERGES, undo, TAGS):
            assert HOSTILE not in client.get(address).content.decode()
        assert HOSTILE not in client.post(undo, follow=True).content.decode()

    def test_the_page_asks_no_more_for_more_articles(
        self, client, make_article, django_assert_max_num_queries
    ):
        page = merge_of(tag("維權"), tag("提案"))
        for size in (2, 20):
            for number in range(size):
                make_article(f"第{number}篇", tags=["維權"])
            with django_assert_max_num_queries(16):
                client.get(page)


class TestPermissions:
    """Merging takes what deleting takes: by the groups as they are, administrators."""

    @pytest.fixture
    def merged(self, db, make_article, django_user_model):
        from articles.curation import merging

        make_article(tags=["集體協商"])
        make_article(authors=["王芳", "汪芳"])
        user = django_user_model.objects.create_user("before")
        return merging.merge(tag("民主管理"), [tag("集體協商")], user)

    def addresses(self, merged):
        return [
            merge_of(tag("維權"), tag("提案")),
            merge_of(*Author.objects.all()),
            MERGES,
            f"{MERGES}{merged.pk}/undo/",
        ]

    @pytest.mark.parametrize(
        ("group", "allowed"),
        [(EDITOR, "––✓✓"), (REVIEWER, "––✓✓"), (ADMINISTRATOR, "✓✓✓✓"), (None, "––––")],
    )
    def test_each_group_reaches_what_it_should(self, sign_in, merged, group, allowed):
        client = sign_in(group)
        codes = [client.get(address).status_code for address in self.addresses(merged)]
        assert "".join({200: "✓", 403: "–"}[code] for code in codes) == allowed
        may = allowed[0] == "✓"
        assert merge(client, tag("維權"), tag("提案")).status_code == (302 if may else 403)
        chosen = {"action": "merge", "_selected_action": [tag("維權").pk]}
        client.post(TAGS, chosen)
        assert Merge.objects.count() == 1 + may
        assert client.post(f"{MERGES}{merged.pk}/undo/").status_code == (302 if may else 403)
        merged.refresh_from_db()
        assert (merged.undone_at is not None) is may

    def test_strangers_are_asked_to_sign_in(self, merged, django_user_model):
        reader = Client()
        reader.force_login(django_user_model.objects.create_user("reader"))
        for visitor in (Client(), reader):
            for address in self.addresses(merged):
                assert visitor.get(address).status_code == 302
                assert visitor.post(address).status_code == 302
        assert Merge.objects.get().undone_at is None

    def test_a_form_of_the_desk_is_asked_for(self, client, merged):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        assert merge(strict, tag("維權"), tag("提案")).status_code == 403
        assert strict.post(f"{MERGES}{merged.pk}/undo/").status_code == 403

    def test_who_may_not_publish_merges_nothing_that_readers_see(self, sign_in, make_article):
        client = sign_in(EDITOR)
        Group.objects.get(name=EDITOR).permissions.add(
            Permission.objects.get(codename="delete_tag", content_type__app_label="articles")
        )
        make_article(tags=["維權"])
        make_article(tags=["提案"], status="draft")
        assert merge(client, tag("集體協商"), tag("維權")).status_code == 403
        assert merge(client, tag("集體協商"), tag("提案")).status_code == 302

    def test_nobody_makes_or_deletes_merges_by_hand(self, client, merged):
        for address in (f"{MERGES}add/", f"{MERGES}{merged.pk}/delete/"):
            assert client.get(address).status_code == 403

    def test_the_groups_keep_aliases_of_authors(self, db):
        for group, actions in (
            (EDITOR, {"add", "change", "view"}),
            (REVIEWER, {"add", "change", "view"}),
            (ADMINISTRATOR, {"add", "change", "view", "delete"}),
        ):
            own = Group.objects.get(name=group).permissions.filter(codename__endswith="authoralias")
            assert {one.codename.split("_")[0] for one in own} == actions


class TestSplitting:
    CASES = [
        "維權，提案", "維權、提案", "維權；提案", "維權;提案", "維權|提案", "維權｜提案", "維權,提案",
        "維權\u3000提案", "，維權、；提案 ", "維權\n提案", "維權，提案，維權",
    ]  # fmt: skip

    @pytest.mark.parametrize("typed", CASES)
    def test_a_list_is_several_names(self, typed):
        assert split_terms(typed) == ["維權", "提案"]

    def test_a_plain_space_is_part_of_a_name(self):
        assert split_terms("Labour Law") == ["Labour Law"]
        assert split_terms(" ，；") == []

    @pytest.mark.parametrize("typed", CASES[:-1])
    def test_so_is_a_line_of_keywords(self, typed):
        assert split_keywords(typed.strip("，")) == ["維權", "提案"]

    def test_at_the_command(self, essays):
        from django.core.management import call_command

        place = essays({"a.txt": "走访\n\n工会要到职工中间去，听他们说，办完再问一声。\n"})
        call_command("import_essays", str(place), "--tag=維權，提案", "--tag=维权", verbosity=0)
        assert {one.name for one in Article.objects.get().tags.all()} >= {"维权", "提案"}
        assert not Tag.objects.filter(name__contains="，").exists()

    @pytest.mark.parametrize("typed", ["維權、维权", "维权|維權", "權益維護；维权"])
    def test_the_same_in_two_scripts_or_by_an_alias_is_one(self, client, make_article, typed):
        draft = make_article(status="draft")
        client.post(f"{LIST}{draft.pk}/change/", form_of(draft, **{"tags-typed": typed}))
        assert list(draft.tags.all()) == [tag("維權")]


class TestTagField:
    def send(self, client, draft, **data):
        return client.post(f"{LIST}{draft.pk}/change/", form_of(draft, **data))

    @pytest.fixture
    def draft(self, make_article):
        return make_article(status="draft")

    @pytest.mark.parametrize("name", ["tags-typed", "tags"])
    def test_new_names_make_tags(self, client, draft, name):
        assert (
            self.send(client, draft, **{name: "數位轉型，数字转型、維權；2024"}).status_code == 302
        )
        assert {one.name_hant for one in draft.tags.all()} >= {"數位轉型", "維權", "2024"}
        assert Tag.objects.filter(slug__startswith="shu-wei").count() == 1

    def test_who_may_not_add_tags_chooses_from_those_there_are(self, sign_in, draft):
        client = sign_in(EDITOR)
        for group in Group.objects.all():
            group.permissions.remove(*group.permissions.filter(codename="add_tag"))
        before = Tag.objects.count()
        answer = self.send(client, draft, **{"tags-typed": f"維權，{HOSTILE}"})
        content = answer.content.decode()
        assert answer.status_code == 200
        assert "沒有新增標籤的權限" in content or "没有新增标签的权限" in content
        assert HOSTILE not in content
        assert "data-tags" not in content
        assert Tag.objects.count() == before
        assert self.send(client, draft, **{"tags-typed": "维权"}).status_code == 302
        assert list(draft.tags.all()) == [tag("維權")]

    def test_a_form_that_is_wrong_makes_no_tag_and_keeps_what_was_typed(self, client, draft):
        answer = self.send(client, draft, **{"tags-typed": "數位轉型", "date_precision": "day"})
        assert answer.status_code == 200
        assert '<option value="+數位轉型" selected>數位轉型</option>' in answer.content.decode()
        assert not Tag.objects.filter(name_hant="數位轉型").exists()

    @pytest.mark.parametrize("bad", ["字" * 61, "壞\x01字"])
    def test_an_impossible_name_is_refused(self, client, draft, bad):
        assert self.send(client, draft, tags=[bad]).status_code == 200
        assert not draft.tags.exists()

    def test_what_was_merged_while_the_form_was_open_is_what_it_became(self, client, make_article):
        article = make_article(tags=["維權"], authors=["刘明"], status="draft")
        other = make_article("別篇", tags=["集體協商"], authors=["陈芳"])
        sent = form_of(article, title="改過的題目")
        merge(client, tag("集體協商"), tag("維權"))
        merge(client, other.byline[0], article.byline[0])
        assert client.post(f"{LIST}{article.pk}/change/", sent).status_code == 302
        article = Article.objects.get(pk=article.pk)
        assert article.title == "改過的題目"
        assert list(article.tags.all()) == [tag("集體協商")]
        assert article.byline == other.byline

    def test_what_somebody_changed_besides_a_merge_is_a_conflict(self, client, make_article):
        article = make_article(tags=["維權"], authors=["王芳"], status="draft")
        other = make_article("別篇", authors=["汪芳"])
        sent = form_of(article, title="改過的題目")
        merge(client, tag("集體協商"), tag("維權"))
        merge(client, other.byline[0], article.byline[0])
        article.title = "別人改的題目"
        article.save()
        answer = client.post(f"{LIST}{article.pk}/change/", sent)
        assert answer.status_code == 200
        form = answer.context["adminform"].form
        assert form.conflict.fields.keys() == {"title"}
        assert form.initial["title"] == "改過的題目"
        now = {"tags": [tag("集體協商")], "byline": other.byline}
        for name, rows in now.items():
            assert [str(key) for key in form.initial[name]] == [str(row.pk) for row in rows]
        assert Article.objects.get(pk=article.pk).title == "別人改的題目"

    def test_a_draft_let_go_meanwhile_is_a_conflict_too(self, client, make_article):
        article = make_article(tags=["維權"])
        user = User.objects.get()
        drafts.keep_draft(article, revisions.state(article.pk) | {"title": "草稿"}, user)
        article = Article.objects.select_related("draft").get(pk=article.pk)
        sent = form_of(article, title="改過的題目")
        drafts.discard_draft(article, user, revisions.version(article))
        merge(client, tag("集體協商"), tag("維權"))
        assert client.post(f"{LIST}{article.pk}/change/", sent).status_code == 200

    @pytest.mark.parametrize("ends", ["merged", "deleted"])
    def test_what_ends_while_the_form_is_being_saved_costs_no_text(
        self, client, make_article, monkeypatch, ends
    ):
        article = make_article(tags=["維權"], authors=["劉明"], status="draft")
        other = make_article("別篇", authors=["陳芳"])
        write, user = drafts._write, User.objects.get()

        def late(one, authors, tags):
            if ends == "merged":
                merging.merge(tag("集體協商"), [tag("提案")], user)
                merging.merge(other.byline[0], authors, user)
            else:
                tag("提案").delete()
            write(one, authors, tags)

        monkeypatch.setattr(drafts, "_write", late)
        sent = form_of(article, title="改過的題目", tags=[tag("提案").pk])
        assert client.post(f"{LIST}{article.pk}/change/", sent).status_code == 302
        article = Article.objects.get(pk=article.pk)
        assert article.title == "改過的題目"
        merged = ends == "merged"
        assert [str(one) for one in article.tags.all()] == (["集體協商"] if merged else [])
        assert [str(one) for one in article.byline] == (["陳芳"] if merged else ["劉明"])

    def test_a_tag_that_somebody_else_adds_at_the_same_time_is_taken(
        self, client, draft, monkeypatch
    ):
        new = tag_field.TagsField._new

        def late(field, name):
            made = new(field, name)
            Tag(name_hant=name).save()
            return made

        monkeypatch.setattr(tag_field.TagsField, "_new", late)
        assert self.send(client, draft, **{"tags-typed": "數位轉型"}).status_code == 302
        assert list(draft.tags.all()) == [tag("數位轉型")]
        assert not AuditEntry.objects.filter(kind="articles.tag").exists()

    def test_an_unknown_key_is_a_name_for_nobody(self, client, draft):
        assert self.send(client, draft, tags=["99999999"]).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_curators_who_type_the_same_new_tags_at_once_have_the_same_tags(
    make_article, django_user_model, monkeypatch
):
    """Each has looked for the tags before the other has made them, and names them in an order of
    their own."""
    both_have_looked, own = barrier(2), threading.local()
    new = tag_field.TagsField._new

    def new_together(field, name):
        if not hasattr(own, "met"):
            own.met = True
            both_have_looked.wait()
        return new(field, name)

    monkeypatch.setattr(tag_field.TagsField, "_new", new_together)
    articles = [make_article(name, status="draft") for name in "甲乙"]
    clients = [Client(), Client()]
    for client, name in zip(clients, ("王芳", "劉明"), strict=True):
        client.force_login(django_user_model.objects.create_superuser(name))
    typed = "數位轉型，職工書屋", "職工書屋，數位轉型"

    def save(client, article, names):
        sent = form_of(article, **{"tags-typed": names})
        return client.post(f"{LIST}{article.pk}/change/", sent).status_code

    answers = together(*(partial(save, *one) for one in zip(clients, articles, typed, strict=True)))
    assert answers == [302, 302]
    one, other = ({tag.pk for tag in article.tags.all()} for article in articles)
    assert one == other
    assert {tag.name_hant for tag in Tag.objects.filter(pk__in=one)} == {"數位轉型", "職工書屋"}
    assert AuditEntry.objects.filter(kind="articles.tag", action="add").count() == 2


class TestSuggestions:
    TEXT = (
        "谈职代会提案\n作者：刘明\n关键词：职代会；提案落实机制\n\n"
        + "工会要到职工中间去，维权要紧，维权要快，维权要实，维权要久。\n" * 3
    )

    @pytest.fixture
    def imported(self, db):
        draft = make_draft(self.TEXT.encode(), "a.txt", vocabulary=Tag.objects.vocabulary())
        article = library.store(draft, "/x/a.txt", "a.txt").article
        article.set_tags([])
        return article

    def test_each_says_why(self, client, imported):
        content = text_of(client, f"{LIST}{imported.pk}/change/")
        offered = re.search(r'<fieldset class="tag-suggestions".*?</fieldset>', content, re.DOTALL)[
            0
        ]
        for name, reason in (
            ("職代會", "原文關鍵詞"), ("維權", "文中出現 8 次"), ("提案", "標題中出現"),
            ("提案落實機制", "原文關鍵詞，新標籤"),
        ):  # fmt: skip
            assert re.search(rf"> {name} <small>{reason}", offered), name

    def test_a_ticked_one_is_taken_and_no_longer_offered(self, client, imported):
        ticked = {"tags-suggested": [str(tag("維權").pk), "+提案落实机制"]}
        client.post(f"{LIST}{imported.pk}/change/", form_of(imported, **ticked))
        assert {one.name for one in imported.tags.all()} == {"维权", "提案落实机制"}
        content = text_of(client, f"{LIST}{imported.pk}/change/")
        assert f'name="tags-suggested" value="{tag("維權").pk}"' not in content
        assert f'name="tags-suggested" value="{tag("職代會").pk}"' in content

    def test_a_new_one_has_its_name_in_both_scripts_and_a_line_of_the_log(self, client, imported):
        ticked = {"tags-suggested": ["+提案落实机制", "+創新"]}
        client.post(f"{LIST}{imported.pk}/change/", form_of(imported, **ticked))
        names = Tag.objects.filter(name__in=["提案落实机制", "创新"])
        assert set(names.values_list("name", "name_hant")) == {
            ("提案落实机制", "提案落實機制"), ("创新", "創新"),
        }  # fmt: skip
        lines = AuditEntry.objects.filter(action="add", kind="articles.tag")
        assert {(one.ids[0], one.after["name_hant"]) for one in lines} == set(
            names.values_list("pk", "name_hant")
        )
        assert {one.user_name for one in lines} == {f"member of {ADMINISTRATOR}"}

    def test_new_ones_are_for_those_who_may_add_tags(self, imported):
        values = [one.value for one in tag_suggestions.suggest_tags(imported.pk)]
        assert not any(value.startswith("+") for value in values)
        assert str(tag("職代會").pk) in values

    def test_an_article_written_here_is_read_too(self, make_article):
        draft = make_article("談維權", status="draft")
        assert [one.value for one in tag_suggestions.suggest_tags(draft.pk)] == [
            str(tag("維權").pk)
        ]
        assert tag_suggestions.suggest_tags(10**9) == []

    def test_hostile_keywords_are_escaped(self, client, imported):
        source = imported.source
        source.keywords = [HOSTILE]
        source.save()
        content = client.get(f"{LIST}{imported.pk}/change/").content.decode()
        assert f'value="+{HOSTILE}"' not in content
        assert "+&lt;script&gt;" in content

    def test_the_form_asks_no_more_for_a_larger_vocabulary(
        self, client, imported, django_assert_max_num_queries
    ):
        for number in range(30):
            Tag(name=f"维权{number}").save()
        with django_assert_max_num_queries(26):
            client.get(f"{LIST}{imported.pk}/change/")
