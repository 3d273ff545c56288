"""Tags and authors made one, their old addresses, and taken apart again."""

import threading
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.forms import ModelMultipleChoiceField
from django.test import Client

from articles.curation import drafts, merging, revisions, unmerging
from articles.curation.bulk import changing, choosing, work
from articles.intake import library
from articles.intake.authors_and_tags import author_named
from articles.models import (
    Article,
    AuditEntry,
    Author,
    AuthorAlias,
    Merge,
    Redirect,
    Tag,
    TagAlias,
    TaggedArticle,
)
from articles.models.redirect import as_now
from articles.search.find import find
from articles.search.rebuild import differences
from portal import transactions

from ..admin.test_admin import LIST, form_of
from ..support.together import barrier, event, together, until_somebody_waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return User.objects.create_user("館員")


def tag(name) -> Tag:
    return Tag.objects.named(name)


def author(name) -> Author:
    return Author.objects.get(name_hant=name)


def names(article) -> set[str]:
    return {one.name_hant for one in article.tags.all()}


def byline(article) -> list[str]:
    return [one.name_hant for one in type(article).objects.get(pk=article.pk).byline]


class TestTags:
    @pytest.fixture
    def articles(self, make_article):
        return [
            make_article("甲", tags=["維權"]),
            make_article("乙", tags=["維權", "集體協商"]),
            make_article("丙", tags=["集體協商", "提案"], status="draft"),
            make_article("丁", tags=["提案"]),
        ]

    @pytest.fixture
    def merged(self, articles, user) -> Merge:
        return merging.merge(tag("集體協商"), [tag("維權")], user)

    def test_articles_follow_and_have_it_once(self, articles, merged):
        assert [names(one) for one in articles] == [
            {"集體協商"}, {"集體協商"}, {"集體協商", "提案"}, {"提案"},
        ]  # fmt: skip
        assert merged.article_count == 2
        assert not Tag.objects.filter(slug="weiquan").exists()

    def test_search_and_lists_follow(self, articles, merged):
        assert differences() == []
        assert find("tag:維權").total == find("tag:weiquan").total == 2

    def test_its_names_are_aliases_for_imports(self, merged):
        survivor = tag("集體協商")
        assert tag("維權") == tag("权益维护") == tag("職工權益") == survivor
        assert Tag.objects.vocabulary().match("", ["维权"], "", "") == ["集体协商"]

    def test_undoing_gives_everything_back(self, articles, merged, user):
        before = merged.moved["rows"][0]["pk"]
        aliases = set(TagAlias.objects.values_list("name", flat=True))
        assert unmerging.undo(merged, user) == 2
        back = Tag.objects.get(slug="weiquan")
        assert (back.pk, back.name_hant, back.group) == (before, "維權", "duty")
        assert [names(one) for one in articles] == [
            {"維權"}, {"維權", "集體協商"}, {"集體協商", "提案"}, {"提案"},
        ]  # fmt: skip
        assert tag("權益維護") == back
        assert set(TagAlias.objects.values_list("name", flat=True)) == aliases - {"维权"}
        assert not Redirect.objects.exists()
        assert differences() == []
        merged.refresh_from_db()
        assert merged.undone_by == user
        with pytest.raises(merging.Refused):
            unmerging.undo(merged, user)

    def test_undoing_keeps_what_was_decided_since(self, articles, merged, user, make_article):
        articles[0].set_tags([tag("提案")])
        later = make_article("戊", tags=["維權"])
        articles[1].delete()
        assert unmerging.undo(merged, user) == 0
        assert names(articles[0]) == {"提案"}
        assert names(later) == {"集體協商"}
        assert differences() == []

    def test_chains_are_flat_and_undone_last_first(self, articles, merged, user, client):
        again = merging.merge(tag("提案"), [tag("集體協商")], user)
        assert {one.now for one in Redirect.objects.all()} == {tag("提案")}
        address = "/zh-hant/tags/weiquan/"
        assert client.get(address).url == tag("提案").get_absolute_url().replace("hans", "hant")
        with pytest.raises(merging.Refused, match=r"集[體体]"):
            unmerging.undo(merged, user)
        assert names(articles[2]) == {"提案"}
        unmerging.undo(again, user)
        assert names(articles[2]) == {"集體協商", "提案"}
        unmerging.undo(merged, user)
        assert names(articles[0]) == {"維權"}
        assert client.get(address).status_code == 200
        assert differences() == []

    def test_several_at_once(self, articles, user):
        record = merging.merge(tag("提案"), [tag("維權"), tag("集體協商")], user)
        assert all(names(one) == {"提案"} for one in articles)
        unmerging.undo(record, user)
        assert names(articles[1]) == {"維權", "集體協商"}
        assert names(articles[3]) == {"提案"}

    @pytest.mark.parametrize("chosen", [[], ["提案"]])
    def test_nothing_is_merged_with_itself(self, user, chosen):
        with pytest.raises(merging.Refused):
            merging.merge(tag("提案"), [tag(name) for name in chosen], user)

    def test_what_is_gone_meanwhile_is_refused(self, user):
        stale = tag("維權")
        tag("維權").delete()
        with pytest.raises(merging.Refused):
            merging.merge(tag("提案"), [stale], user)
        assert not Merge.objects.exists()

    def test_too_many_articles_are_refused(self, articles, user, monkeypatch):
        monkeypatch.setattr(merging, "MOST_ARTICLES", 1)
        with pytest.raises(merging.Refused):
            merging.merge(tag("集體協商"), [tag("維權")], user)
        assert tag("維權").slug == "weiquan"

    def test_a_name_taken_again_is_told(self, merged, user):
        TagAlias.objects.filter(name="维权").delete()
        Tag(name="维权").save()
        with pytest.raises(merging.Refused, match=r"[維维]"):
            unmerging.undo(merged, user)

    def test_a_deleted_survivor_is_told(self, merged, user):
        tag("集體協商").delete()
        with pytest.raises(merging.Refused):
            unmerging.undo(merged, user)

    def test_its_queries_do_not_grow(self, make_article, user, django_assert_max_num_queries):
        for number in range(30):
            make_article(f"第{number}篇", tags=["維權"])
        with django_assert_max_num_queries(65):
            record = merging.merge(tag("提案"), [tag("維權")], user)
        with django_assert_max_num_queries(65):
            assert unmerging.undo(record, user) == 30

    def test_what_was_merged_does_not_come_back_by_a_form_opened_before(self, merged):
        gone = Tag(pk=merged.moved["rows"][0]["pk"], name="维权", slug="weiquan")
        gone._state.adding = False
        with pytest.raises(IntegrityError), transaction.atomic():
            gone.save()
        assert not Tag.objects.filter(slug="weiquan").exists()


class TestArticlesConcerned:
    """A merge changes articles: whoever looked at one before can tell."""

    @pytest.fixture
    def article(self, make_article):
        return make_article(tags=["維權"], authors=["王芳"])

    def test_its_record_tells_how_and_the_text_is_as_old_as_it_was(self, article, user):
        writer = User.objects.create_user("作者")
        Article.objects.filter(pk=article.pk).update(modified_by=writer)
        record = merging.merge(tag("提案"), [tag("維權")], user)
        now = Article.objects.get(pk=article.pk)
        assert now.modified_at == article.modified_at
        assert now.modified_by == writer  # who wrote the text is still not who merged a tag
        after, before = now.revisions.all()
        assert [names for _key, *names in before.content["tags"]] == [["维权", "維權"]]
        assert [names for _key, *names in after.content["tags"]] == [["提案", "提案"]]
        assert (after.created_by, after.note) == (user, "合併：維權 → 提案")
        unmerging.undo(record, user)
        again = Article.objects.get(pk=article.pk)
        assert again.modified_at == now.modified_at
        assert again.revisions.first().content["tags"] == before.content["tags"]

    def test_others_are_left_alone(self, article, make_article, user):
        other = make_article("別篇", tags=["提案"])
        merging.merge(tag("提案"), [tag("維權")], user)
        assert Article.objects.get(pk=other.pk).modified_at == other.modified_at
        assert not other.revisions.exists()

    def test_a_draft_begun_before_is_known_to_be_older(self, article, user):
        wanted = revisions.state(article.pk) | {"title": "改過的題目"}
        drafts.keep_draft(article, wanted, user)
        merging.merge(tag("提案"), [tag("維權")], user)
        article = Article.objects.select_related("draft").get(pk=article.pk)
        revisions.version(article)
        assert article.overtaken

    def test_a_draft_begun_before_is_published_with_what_is_merged_since(self, article, user):
        other = Author(name="汪芳")
        other.save()
        third = Author(name="李四")
        third.save()
        before = revisions.state(article.pk)
        byline = [*before["authors"], [third.pk, third.name, third.name_hant]]
        drafts.keep_draft(article, before | {"authors": byline, "tags": []}, user)
        merging.merge(tag("提案"), [tag("維權")], user)
        merging.merge(other, [author("王芳")], user)
        article = Article.objects.select_related("draft__text").get(pk=article.pk)
        assert drafts.publish_draft(article, user, revisions.version(article)) == []
        assert names(article) == set()
        assert Article.objects.get(pk=article.pk).byline == [other, third]

    def test_a_state_kept_before_is_read_with_what_it_was_merged_into(self, article, user):
        kept = revisions.state(article.pk)
        Author(name="汪芳").save()
        merging.merge(tag("提案"), [tag("維權")], user)
        merging.merge(author("汪芳"), [author("王芳")], user)
        assert as_now(kept) == revisions.state(article.pk)


class TestLog:
    def test_the_command_leaves_a_line_as_the_desk_does(self, make_article):
        make_article(tags=["維權"])
        keys = [tag("提案").pk, tag("維權").pk]
        call_command("merge_vocabulary", "tag", tag("提案").slug, "weiquan", stdout=StringIO())
        line = AuditEntry.objects.get()
        assert (line.action, line.ids, line.user_name) == ("merge", keys, "merge_vocabulary")
        assert (line.before, line.after) == ({"name": ["提案", "維權"]}, {"name": ["提案"]})
        call_command("merge_vocabulary", undo=Merge.objects.get().pk, stdout=StringIO())
        line = AuditEntry.objects.first()
        assert (line.action, line.ids, line.user_name) == ("unmerge", keys, "merge_vocabulary")

    def test_what_is_not_logged_does_not_stand(self, make_article, user, monkeypatch):
        article = make_article(tags=["維權"])
        record = merging.merge(tag("集體協商"), [tag("提案")], user)

        def broken(*args, **kwargs):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(merging, "audit", broken)
        monkeypatch.setattr(unmerging, "audit", broken)
        with pytest.raises(OperationalError):
            merging.merge(tag("集體協商"), [tag("維權")], user)
        with pytest.raises(OperationalError):
            unmerging.undo(record, user)
        assert names(article) == {"維權"}
        assert not Merge.objects.exclude(pk=record.pk).exists()
        record.refresh_from_db()
        assert record.undone_at is None


class TestAuthors:
    @pytest.fixture
    def articles(self, make_article):
        return [
            make_article("甲", authors=["王芳", "李明", "汪芳"]),
            make_article("乙", authors=["李明", "汪芳"]),
            make_article("丙", authors=["李明"]),
        ]

    @pytest.fixture
    def merged(self, articles, user) -> Merge:
        return merging.merge(author("王芳"), [author("汪芳")], user)

    def test_bylines_keep_their_order(self, articles, merged):
        assert [byline(one) for one in articles] == [["王芳", "李明"], ["李明", "王芳"], ["李明"]]
        assert differences() == []

    def test_imports_and_search_find_the_merged_name(self, articles, merged):
        assert author_named("汪芳") == author("王芳")
        assert author_named("汪芳", "某厂工会") != author("王芳")
        assert find("author:汪芳").total == find("author:wang-fang").total == 2

    def test_the_unit_tells_namesakes_apart(self, make_article, user):
        one = author_named("刘明", "甲厂工会")
        other = author_named("刘明", "乙厂工会")
        merging.merge(one, [other], user)
        assert author_named("刘明", "乙厂工会") == one
        assert author_named("劉明") == one
        assert author_named("刘明", "丙厂工会") != one

    def test_undoing_gives_bylines_back(self, articles, merged, user):
        assert unmerging.undo(merged, user) == 2
        assert byline(articles[0]) == ["王芳", "李明", "汪芳"]
        assert byline(articles[1]) == ["李明", "汪芳"]
        assert not AuthorAlias.objects.exists()
        assert differences() == []

    def test_undoing_keeps_a_byline_changed_since(self, articles, merged, user, make_article):
        make_article(authors=["趙毅"])
        articles[1].set_authors([author("王芳"), author("趙毅"), author("李明")])
        articles[0].set_authors([author("趙毅")])
        unmerging.undo(merged, user)
        assert byline(articles[1]) == ["汪芳", "趙毅", "李明"]
        assert byline(articles[0]) == ["趙毅"]


class TestReimport:
    """What the importer wrote is known by its key: a merge is no change of the curator's."""

    def test_tags_and_authors_follow_a_changed_file(self, user, make_article):
        from articles.importing.pipeline import make_draft
        from articles.models import Article

        def imported(text, **options):
            draft = make_draft(text.encode(), "a.txt", vocabulary=Tag.objects.vocabulary())
            return library.store(draft, "/x/a.txt", "a.txt", **options)

        text = (
            "谈维权\n作者：汪芳\n关键词：维权；提案\n\n工会要到职工中间去，听他们说，维权要紧。\n"
        )
        imported(text)
        make_article(authors=["王芳"])
        merging.merge(author("王芳"), [author("汪芳")], user)
        merging.merge(tag("服務職工"), [tag("維權")], user)
        changed = text.replace("关键词：维权；提案", "关键词：提案").replace("谈维权", "谈走访")
        stored = imported(changed.replace("维权要紧", "要紧"), on_conflict="update")
        assert "kept" not in stored.note
        article = Article.objects.get(pk=stored.article.pk)
        assert names(article) == {"提案"}
        assert byline(article) == ["王芳"]


class TestAddresses:
    @pytest.mark.parametrize("script", ["zh-hant", "zh-hans"])
    def test_old_ones_lead_on(self, client, make_article, user, script):
        make_article(tags=["維權"], authors=["汪芳"])
        make_article(authors=["王芳"])
        merging.merge(tag("提案"), [tag("維權")], user)
        merging.merge(author("王芳"), [author("汪芳")], user)
        for kind, old, new in [
            ("tags", "weiquan", tag("提案")),
            ("authors", "wang-fang", author("王芳")),
        ]:
            answer = client.get(f"/{script}/{kind}/{old}/?page=1")
            there = f"/{script}/{kind}/{new.slug}/?page=1"
            assert (answer.status_code, answer.url) == (301, there)
            assert answer.headers["Cache-Control"] == "no-cache"
        slug = tag("提案").slug
        for feed in ("rss", "atom", "json"):
            old = client.get(f"/{script}/feeds/tags/weiquan.{feed}")
            assert old.status_code == 200
            assert slug in old.content.decode()
        for page in ("articles/?tag=weiquan", "search/?q=工會&tag=weiquan"):
            assert "提案" in client.get(f"/{script}/{page}").content.decode()

    def test_a_renamed_address_leads_on_and_can_be_taken_back(self, client, make_article):
        make_article(tags=["維權"])
        one = tag("維權")
        one.slug = "rights"
        one.save()
        assert client.get("/zh-hant/tags/weiquan/").url == "/zh-hant/tags/rights/"
        one.slug = "weiquan"
        one.save()
        assert client.get("/zh-hant/tags/weiquan/").status_code == 200
        assert client.get("/zh-hant/tags/rights/").url == "/zh-hant/tags/weiquan/"
        assert Redirect.objects.count() == 1

    def test_an_old_address_says_nothing_of_what_readers_do_not_see(
        self, client, make_article, user
    ):
        make_article(tags=["維權"], status="draft")
        merging.merge(tag("提案"), [tag("維權")], user)
        for path in ("tags/weiquan/", "feeds/tags/weiquan.rss", "articles/?tag=weiquan"):
            assert client.get(f"/zh-hant/{path}").status_code == 404

    def test_a_new_row_leaves_old_addresses_alone(self, make_article):
        make_article(authors=["王芳"])
        one = author("王芳")
        assert one.slug == "wang-fang"
        one.slug = "fang"
        one.save()
        other = Author(name="王方")
        other.save()
        assert other.slug == "wang-fang-2"
        other.slug = "wang-fang"
        with pytest.raises(Exception, match="王芳"):
            other.full_clean()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    @pytest.fixture
    def tags(self, db):
        """Tags that no migration made: what is flushed after these tests is gone for others."""
        made = {}
        for name in ("甲", "乙", "丙"):
            made[name] = Tag(name_hant=name)
            made[name].save()
        return made

    def added_in_bulk(self, tag_or_author, user, action="add_tags"):
        run = choosing.ask(action, Article.objects.all(), user)
        choosing.set_parameters(run, {"value": [tag_or_author.pk]})

        def act():
            work.start(run, of="asked")
            run.refresh_from_db()
            return run.state, set(run.items.values_list("outcome", flat=True))

        return act

    @pytest.fixture
    def boss(self, db):
        return User.objects.create_superuser("root")

    def test_a_tag_is_deleted_while_articles_get_it_in_bulk(
        self, tags, boss, make_article, monkeypatch
    ):
        one, _two = make_article("第一篇"), make_article("第二篇")
        one.set_tags([tags["甲"]])
        given, ended = event(), event()
        add = changing._add_tags

        def slow(wanted):
            add(wanted)
            given.set()
            until_somebody_waits(ended)

        def delete():
            given.wait()
            try:
                return Tag.objects.get(pk=tags["甲"].pk).delete()[1]["articles.Tag"]
            finally:
                ended.set()

        monkeypatch.setattr(changing, "_add_tags", slow)
        monkeypatch.setattr(transactions, "TRIES", 1)
        changed, deleted = together(self.added_in_bulk(tags["甲"], boss), delete)
        assert (changed[0], deleted) == ("done", 1)
        assert not TaggedArticle.objects.exists()
        assert differences() == []

    @pytest.mark.parametrize("ends", ["merged", "deleted"])
    def test_what_articles_get_in_bulk_is_merged_or_deleted_meanwhile(
        self, tags, boss, make_article, monkeypatch, ends
    ):
        articles = [make_article("第一篇"), make_article("第二篇")]
        given, ended = event(), event()
        add = changing._add_tags

        def slow(wanted):
            add(wanted)
            given.set()
            until_somebody_waits(ended)

        def end():
            given.wait()
            try:
                if ends == "merged":
                    return merging.merge(tags["乙"], [tags["甲"]], boss).article_count
                return Tag.objects.get(pk=tags["甲"].pk).delete()[1]["articles.TaggedArticle"]
            finally:
                ended.set()

        monkeypatch.setattr(changing, "_add_tags", slow)
        changed, count = together(self.added_in_bulk(tags["甲"], boss), end)
        assert changed == ("done", {"changed"})
        assert count == 2
        assert all(names(one) == ({"乙"} if ends == "merged" else set()) for one in articles)
        assert differences() == []

    def test_an_author_is_deleted_while_bylines_get_the_name(self, boss, make_article, monkeypatch):
        article, one = make_article(), Author(name="劉明")
        one.save()
        given, ended = event(), event()
        sign = changing._set_authors

        def slow(wanted):
            sign(wanted)
            given.set()
            until_somebody_waits(ended)

        def delete():
            given.wait()
            try:
                with pytest.raises(ProtectedError):
                    Author.objects.get(pk=one.pk).delete()
            finally:
                ended.set()

        monkeypatch.setattr(changing, "_set_authors", slow)
        changed, _nothing = together(self.added_in_bulk(one, boss, "set_authors"), delete)
        assert changed == ("done", {"changed"})
        assert Article.objects.get(pk=article.pk).byline == [one]

    def test_an_author_is_deleted_while_an_article_is_saved(self, boss, make_article):
        article, one = make_article(), Author(name="劉明")
        one.save()
        signed, ended = event(), event()

        def save():
            with transaction.atomic():
                Article.objects.filter(pk=article.pk).lock()
                article.set_authors([one])
                signed.set()
                until_somebody_waits(ended)

        def delete():
            signed.wait()
            try:
                with pytest.raises(ProtectedError):
                    Author.objects.get(pk=one.pk).delete()
            finally:
                ended.set()

        together(save, delete)
        assert Article.objects.get(pk=article.pk).byline == [one]

    def test_two_merges_meet_at_one_tag(self, tags, boss, make_article, monkeypatch):
        article = make_article()
        article.set_tags([tags["甲"]])
        first_has_it = event()
        move = merging._move_redirects
        calls = []

        def slow(survivor, gone):
            moved = move(survivor, gone)
            calls.append(gone)
            if len(calls) == 1:
                first_has_it.set()
                until_somebody_waits()
            return moved

        def second():
            first_has_it.wait()
            return merging.merge(tags["丙"], [tags["乙"]], boss)

        monkeypatch.setattr(merging, "_move_redirects", slow)
        into_second, into_third = together(
            lambda: merging.merge(tags["乙"], [tags["甲"]], boss), second
        )
        assert names(article) == {"丙"}
        assert into_third.article_count == 1
        unmerging.undo(into_third, boss)
        unmerging.undo(into_second, boss)
        assert names(article) == {"甲"}
        assert differences() == []

    def test_a_form_is_read_while_its_tag_is_merged(self, tags, boss, make_article, monkeypatch):
        article, client = make_article(status="draft"), Client()
        client.force_login(boss)
        read, merged = event(), event()
        check = ModelMultipleChoiceField._check_values

        def slow(field, keys):
            if field.queryset.model is Tag:
                read.set()
                until_somebody_waits(merged)
            return check(field, keys)

        def merge():
            read.wait()
            merging.merge(tags["乙"], [tags["甲"]], boss)
            merged.set()

        monkeypatch.setattr(ModelMultipleChoiceField, "_check_values", slow)
        sent = form_of(article, title="寫了很久的題目", tags=[tags["甲"].pk])
        address = f"{LIST}{article.pk}/change/"
        answer, _nothing = together(lambda: client.post(address, sent), merge)
        assert answer.status_code == 302
        assert Article.objects.get(pk=article.pk).title == "寫了很久的題目"
        assert names(article) == {"乙"}
        assert differences() == []

    def test_an_import_gives_a_tag_that_is_being_merged(self, tags, boss, make_article):
        article, ready, done = make_article(), event(), event()

        def give():
            with transaction.atomic():
                Article.objects.filter(pk=article.pk).lock()
                found = Tag.objects.get(pk=tags["甲"].pk)
                ready.set()
                done.wait()
                article.set_tags([found])

        def merge():
            ready.wait()
            merging.merge(tags["乙"], [tags["甲"]], boss)
            done.set()

        together(give, merge)
        assert names(article) == {"乙"}
        assert differences() == []

    def test_two_add_authors_whose_names_sound_the_same(self, db, monkeypatch):
        both, taken, waited = barrier(2), Author.taken_slugs, threading.local()

        def looked_at_together(author, base):
            slugs = taken(author, base)
            if not hasattr(waited, "once"):
                waited.once = True
                both.wait()
            return slugs

        monkeypatch.setattr(Author, "taken_slugs", looked_at_together)
        together(Author(name="王芳").save, Author(name="汪芳").save)
        assert set(Author.objects.values_list("slug", flat=True)) == {"wang-fang", "wang-fang-2"}


class TestCommand:
    """What is too much for one request at the desk."""

    def run(self, *arguments, **options) -> str:
        out = StringIO()
        call_command("merge_vocabulary", *arguments, stdout=out, **options)
        return out.getvalue()

    def test_it_knows_no_limit(self, make_article, monkeypatch, user):
        monkeypatch.setattr(merging, "MOST_ARTICLES", 1)
        articles = [make_article(f"第{number}篇", tags=["維權"]) for number in range(3)]
        assert "3 articles" in self.run("tag", tag("提案").slug, "weiquan")
        assert names(articles[0]) == {"提案"}
        record = Merge.objects.get()
        with pytest.raises(merging.Refused, match="merge_vocabulary"):
            unmerging.undo(record, user)
        assert "3 articles" in self.run(undo=record.pk)
        assert names(articles[0]) == {"維權"}
        assert differences() == []

    @pytest.mark.parametrize(
        "arguments", [(), ("tag",), ("tag", "weiquan"), ("tag", "weiquan", "nothing")]
    )
    def test_it_says_what_it_needs(self, db, arguments):
        with pytest.raises(CommandError):
            self.run(*arguments)
        with pytest.raises(CommandError):
            self.run(undo=99)
