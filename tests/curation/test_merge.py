"""Tags and authors made one, their old addresses, and taken apart again."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.curation import merging, unmerging
from articles.intake import library
from articles.models import Author, AuthorAlias, Merge, Redirect, Tag, TagAlias
from articles.search.find import find
from articles.search.rebuild import differences

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
        with django_assert_max_num_queries(45):
            record = merging.merge(tag("提案"), [tag("維權")], user)
        with django_assert_max_num_queries(45):
            assert unmerging.undo(record, user) == 30


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
        assert library.author_named("汪芳") == author("王芳")
        assert library.author_named("汪芳", "某厂工会") != author("王芳")
        assert find("author:汪芳").total == find("author:wang-fang").total == 2

    def test_the_unit_tells_namesakes_apart(self, make_article, user):
        one = library.author_named("刘明", "甲厂工会")
        other = library.author_named("刘明", "乙厂工会")
        merging.merge(one, [other], user)
        assert library.author_named("刘明", "乙厂工会") == one
        assert library.author_named("劉明") == one
        assert library.author_named("刘明", "丙厂工会") != one

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
