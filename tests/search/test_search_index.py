"""The index follows the articles, whatever is done to them and whoever does it meanwhile."""

import json
import random
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from articles.curation.publishing import move
from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import (
    Article,
    Author,
    DomainWord,
    Listing,
    SearchLog,
    SearchRow,
    SearchVersion,
    Status,
    Synonym,
    Tag,
    TagAlias,
)
from articles.search import index as index_module
from articles.search import postgres, sqlite, tsquery
from articles.search import rebuild as rebuild_module
from articles.search.engine import engine
from articles.search.find import find, matching
from articles.search.index import index
from articles.search.query import parse
from articles.search.query_log import note
from articles.search.rebuild import differences, rebuild, standing
from articles.search.rows import position_of
from articles.search.words import current_words

from ..support.timing import soon

pytestmark = pytest.mark.django_db

PHRASES = (
    "工會要到職工中間去。", "職代會審議工資集體協商方案。", "局务公开要让职工看得懂。", "5G 車間的安全培訓。",
    "女職工的特殊保護。", "困難職工的檔案要常看常新。", "Ａ級企業的民主管理。", "她說：“票決不是走過場。”",
    "網約車司機也是工會會員。", "\U00020bb7野家的送餐員。",
)  # fmt: skip
HOUR = timedelta(hours=1)


class Walk:
    """Things done to a small library in any order, as curators and imports do them."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.number = 0

    def step(self) -> None:
        steps = [name for name in dir(self) if name.startswith("do_")]
        if Article.objects.count() < 8:
            steps = ["do_add", "do_import"]
        getattr(self, self.chance.choice(steps))()

    def pick(self, model):
        return self.chance.choice(list(model.objects.order_by("pk")) or [None])

    def some(self, model, most=3):
        rows = list(model.objects.order_by("pk"))
        return self.chance.sample(rows, min(len(rows), self.chance.randint(0, most)))

    def body(self) -> str:
        return "".join(f"<p>{text}</p>" for text in self.chance.choices(PHRASES, k=4))

    def times(self) -> dict:
        now = timezone.now()
        ages = [None, now - 3 * HOUR, now - 2 * HOUR, now + HOUR]
        published = self.chance.choice(ages)
        status = self.chance.choice(Status.values)
        if status == Status.PUBLISHED and published is None:
            published = now
        expires = self.chance.choice([None, None, now - HOUR, now + 2 * HOUR])
        return {"status": status, "published_at": published, "expires_at": expires}

    def do_add(self):
        if Article.objects.count() > 14:
            return
        self.number += 1
        article = Article(title=f"第{self.number}篇談工會", body=self.body(), **self.times())
        article.save()
        article.set_tags(self.some(Tag))

    def do_import(self):
        self.number += 1
        text = f"談第{self.number}次走訪\n作者：劉{self.chance.choice('明芳強')}\n{self.chance.choice(PHRASES)}{self.number}\n"
        draft = make_draft(text.encode(), "a.txt", vocabulary=Tag.objects.vocabulary())
        origin = f"/{self.chance.randrange(6)}.txt"
        publish = self.chance.random() < 0.5
        trial = self.chance.random() < 0.2
        tags = ("維權",) if Tag.objects.exists() else ()
        with transaction.atomic():
            library.store(
                draft,
                origin,
                "a.txt",
                publish=publish,
                tags=tags,
                on_conflict="update",
                trial=trial,
            )
            if trial:
                transaction.set_rollback(True)

    def do_change(self):
        article = self.pick(Article)
        change = self.chance.choice([
            {"title": self.chance.choice(PHRASES)[:-1]}, {"body": self.body()}, {"summary": "摘要：勞模"},
            {"stated_date": timezone.localdate() - 400 * self.chance.randint(0, 5) * timedelta(days=1)},
            self.times(), self.times(),
        ])  # fmt: skip
        for name, value in change.items():
            setattr(article, name, value)
        article.save()

    def do_tag(self):
        self.pick(Article).set_tags(self.some(Tag))

    def do_sign(self):
        self.pick(Article).set_authors(self.some(Author))

    def do_move(self):
        chosen = [article.pk for article in self.some(Article)]
        move(Article.objects.filter(pk__in=chosen), Status(self.chance.choice(Status.values)), None)

    def do_rename(self):
        self.number += 1
        for kept in filter(None, (self.pick(Tag), self.pick(Author))):
            kept.name, kept.name_hant = f"名字{self.number}{kept.pk}", ""
            kept.save()

    def do_give_alias(self):
        if tag := self.pick(Tag):
            TagAlias.objects.get_or_create(name=f"别名{self.number}", defaults={"tag": tag})

    def do_delete_tags(self):
        if self.chance.random() < 0.3 and (tag := self.pick(Tag)):
            tag.delete()
        elif self.chance.random() < 0.3:
            Tag.objects.filter(pk__in=[tag.pk for tag in self.some(Tag)]).delete()
        Tag(name=f"新标签{self.number}{self.chance.random()}").save()

    def do_delete(self):
        self.pick(Article).delete()

    def do_delete_some(self):
        chosen = [article.pk for article in self.some(Article, 2)]
        Article.objects.filter(pk__in=chosen).delete()

    def do_delete_found(self):
        matching(Article.objects.filter(pk=self.pick(Article).pk), "工会")[0].delete()

    def do_break_off(self):
        """Stop half-way, as a process does that is killed."""
        names = ("do_change", "do_tag", "do_move", "do_delete", "do_delete_tags", "do_import")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            for name in self.chance.sample(names, 3):
                if Article.objects.exists():
                    getattr(self, name)()
            raise ZeroDivisionError

    def do_change_words(self):
        if self.chance.random() < 0.2:
            word = self.chance.choice(["看得懂", "走过场", "常看常新", "特殊保护"])
            found = DomainWord.objects.filter(word=word)
            if found.exists():
                found.delete()
            else:
                DomainWord(word=word).save()
            rebuild()


@pytest.mark.takes_long
@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.same_on_both), 2])
def test_a_thousand_changes_in_any_order(seed):
    walk = Walk(seed)
    for number in range(1, 501):
        walk.step()
        if number % 50 == 0:
            assert differences() == [], number
    # What is public by the index is what is public by the articles, for readers and in lists.
    public = set(Article.objects.published().values_list("pk", flat=True))
    assert set(find("工会").article_ids) <= public
    now = timezone.now()
    listed = Listing.objects.filter(facet="", position__lte=position_of(2**24 - 1, now))
    assert set(listed.exclude(expires__lte=now).values_list("article_id", flat=True)) == public


def test_a_writer_that_is_killed_leaves_the_index_as_it_was(make_article):
    article = make_article("談談職代會", tags=["維權"], authors=["劉明"])
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        article.title = "完全不同的題目"
        article.save()
        article.set_tags([])
        make_article("多出來的一篇")
        raise KeyboardInterrupt
    assert differences() == []
    assert find("职代会").article_ids == [article.pk]
    assert not find("完全不同").article_ids


def test_what_search_found_can_be_deleted(make_article):
    found, other = make_article("談談職代會"), make_article("談談女工")
    deleted, counts = matching(Article.objects.all(), "职代会")[0].delete()
    assert list(Article.objects.all()) == [other]
    assert counts["articles.Article"] == 1
    assert deleted >= 1
    assert differences() == []
    assert not SearchRow.objects.filter(article_id=found.pk).exists()


def test_no_manager_empties_a_table():
    for model in (Article, Tag, DomainWord, Synonym):
        assert not hasattr(model.objects, "delete")
        assert model.objects.all().delete.alters_data
        assert model.delete.alters_data


def test_a_deleted_tag_leaves_the_lists(make_article):
    first, second = make_article(tags=["維權", "提案"]), make_article(tags=["提案"])
    tag, kept = Tag.objects.get(name="提案"), Tag.objects.get(name="维权")
    assert Listing.objects.filter(facet=f"t{tag.pk}").count() == 2
    Tag.objects.get(pk=tag.pk).delete()
    assert not Listing.objects.filter(facet=f"t{tag.pk}").exists()
    assert differences() == []
    assert first.search_row.facets.split()[0] == f"t{kept.pk}"
    assert find("", facets=[f"t{kept.pk}"]).article_ids == [first.pk]
    Tag.objects.filter(pk=kept.pk).delete()
    assert differences() == []
    assert {first.pk, second.pk} == set(find("工会").article_ids)


def test_what_is_older_than_1970_is_listed_last(make_article):
    old = make_article(published_at=timezone.make_aware(timezone.datetime(1951, 5, 1)))
    new = make_article()
    assert find("工会", by_date=True).article_ids == [new.pk, old.pk]


def test_what_indexing_costs(make_article, django_assert_max_num_queries):
    article = make_article(tags=["維權"], authors=["劉明"])
    with django_assert_max_num_queries(15):  # one asks where it stood, for the steps of lists
        index([article.pk])
    several = [make_article(f"第{n}篇", tags=["提案"]).pk for n in range(5)]
    with django_assert_max_num_queries(15):
        index(several)


class TestCheck:
    def test_it_says_that_all_is_well(self, make_article, capsys):
        make_article()
        call_command("rebuild_search", "--check")
        assert capsys.readouterr().out == "0 differences between index and articles\n"

    @staticmethod
    def tamper_words(article):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("UPDATE articles_searchrow SET words = ts_delete(words, '工会')")
            else:
                cursor.execute("UPDATE articles_searchwords SET body = 'x'")

    @pytest.mark.parametrize(
        ("tamper", "told"),
        [
            (lambda article: SearchRow.objects.update(title="x"), "other facts"),
            (lambda article: SearchRow.objects.update(facets=""), "other facts"),
            (lambda article: Listing.objects.filter(facet="").delete(), "other lists"),
            (lambda article: Article.objects.update(status="draft"), "other lists"),
            (lambda article: Article.objects.update(search_text="別的"), "other words"),
            (lambda article: article.tags.clear(), "other facts"),
            (lambda article: TestCheck.tamper_words(article), "other words"),
            (lambda article: SearchRow.objects.all().delete(), "not indexed"),
        ],
    )  # fmt: skip
    def test_it_tells_what_is_wrong(self, make_article, capsys, tamper, told):
        article = make_article(tags=["維權"])
        tamper(article)
        with pytest.raises(CommandError, match="rebuild_search --all") as stopped:
            call_command("rebuild_search", "--check")
        assert stopped.value.returncode == 1
        assert f"article {article.pk}: {told}" in capsys.readouterr().err
        call_command("rebuild_search", "--all")
        call_command("rebuild_search", "--check")
        assert "1 articles indexed" in capsys.readouterr().out


class TestRebuild:
    WORD = "看得懂"

    @pytest.fixture
    def library(self, make_article):
        return [make_article(f"第{n}篇", body="<p>账本要让职工看得懂才行。</p>") for n in range(5)]

    def test_a_new_word_finds_before_and_after(self, library):
        assert standing().state == "current"
        DomainWord(word=self.WORD).save()
        now = standing()
        assert (now.state, now.current, now.waiting, now.missing) == ("stale", 0, 5, 0)
        assert find(self.WORD).total == 5
        library[0].save()  # cut with the word at once
        assert standing().waiting == 4
        assert find(self.WORD).total == 5
        assert rebuild() == 4
        assert standing().state == "current"
        assert find(self.WORD).total == 5
        assert SearchRow.objects.filter(version=SearchVersion.current()[0]).count() == 5
        assert differences() == []

    def test_a_word_taken_away_finds_before_and_after(self, library):
        word = DomainWord(word=self.WORD)
        word.save()
        rebuild()
        word.delete()
        assert find(self.WORD).total == 5
        assert rebuild() == 5
        assert find(self.WORD).total == 5
        assert differences() == []

    def test_a_new_synonym_finds_before_and_after(self, library):
        Synonym(words="账本、流水簿").save()
        assert find("流水簿").total == 5
        rebuild()
        assert find("流水簿").total == 5

    def test_every_way_of_changing_words_makes_texts_stale(self, library):
        number = SearchVersion.current()[0]
        word = DomainWord(word=self.WORD)
        word.save()
        DomainWord.objects.filter(pk=word.pk).delete()
        Synonym(words="账本、流水簿").save()
        Synonym.objects.all().delete()
        assert SearchVersion.current() == (number + 4, True)

    def test_a_change_that_fails_leaves_nothing_stale(self, library):
        DomainWord(word=self.WORD).save()
        rebuild()
        number = SearchVersion.current()
        with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
            DomainWord(word=self.WORD).save()
        assert SearchVersion.current() == number

    def test_one_that_is_killed_goes_on_where_it_was(self, library, monkeypatch):
        monkeypatch.setattr(rebuild_module, "BATCH", 2)
        DomainWord(word=self.WORD).save()

        def stop(done, total):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild(tell=stop)
        assert standing().current == 2
        assert find(self.WORD).total == 5
        assert rebuild() == 3
        assert standing().state == "current"

    def test_a_word_added_meanwhile_waits_for_the_next(self, library, monkeypatch):
        monkeypatch.setattr(rebuild_module, "BATCH", 2)
        DomainWord(word=self.WORD).save()
        rebuild(tell=lambda done, total: done == 2 and DomainWord(word="账本要让").save())
        assert standing().state == "stale"
        assert rebuild() == 2
        assert standing().state == "current"
        assert differences() == []

    def test_readers_find_all_in_every_state_between(self, library, monkeypatch):
        monkeypatch.setattr(rebuild_module, "BATCH", 1)
        DomainWord(word=self.WORD).save()
        seen = []

        def search(done, total):
            seen.append([find(self.WORD).total, find("职工").total])

        rebuild(everything=True, tell=search)
        assert seen == [[5, 5]] * 5

    def test_what_was_deleted_or_changed_meanwhile_is_no_hindrance(self, library, monkeypatch):
        monkeypatch.setattr(rebuild_module, "BATCH", 2)
        DomainWord(word=self.WORD).save()

        def meddle(done, total):
            if done == 2:
                library[4].delete()
                library[3].title = "改了題目"
                library[3].save()

        assert rebuild(tell=meddle) == 5
        assert differences() == []

    def test_a_library_without_an_index_gets_one(self, library):
        engine().remove([article.pk for article in library])
        SearchVersion.objects.update(indexed=0)
        assert standing().missing == 5
        assert rebuild() == 5
        assert differences() == []

    def test_a_flushed_database_gets_its_row_again(self, library):
        SearchVersion.objects.all().delete()
        assert SearchVersion.current() == (1, True)
        rebuild()
        assert SearchVersion.current() == (1, False)
        SearchVersion.objects.all().delete()
        DomainWord(word=self.WORD).save()
        assert SearchVersion.current() == (2, True)


def is_blocked(pid: int) -> bool:
    """Tell whether a connection of PostgreSQL waits for a lock of another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_blocking_pids(%s)", [pid])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Threads against PostgreSQL; SQLite has one writer at a time."""

    WORD = "看得懂"

    @pytest.fixture(autouse=True)
    def only_postgres(self):
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has one writer at a time")
        Tag.objects.named("维权") or Tag(name="维权").save()

    @pytest.fixture
    def at_once(self):
        """Return a function that runs others in threads of their own, and re-raises."""

        def run(*functions):
            failed = []

            def guarded(function):
                try:
                    function()
                except BaseException as error:
                    failed.append(error)
                finally:
                    connections.close_all()

            threads = [threading.Thread(target=guarded, args=(one,)) for one in functions]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
                assert not thread.is_alive()
            if failed:
                raise failed[0]

        return run

    def test_two_rebuilds_and_readers(self, make_article, at_once, monkeypatch):
        monkeypatch.setattr(rebuild_module, "BATCH", 3)
        for n in range(30):
            make_article(f"第{n}篇", body="<p>账本要让职工看得懂才行。</p>")
        rebuild()
        DomainWord(word=self.WORD).save()
        totals = set()

        def read():
            for _ in range(40):
                totals.add(find(self.WORD).total)

        at_once(rebuild, lambda: rebuild(everything=True), read)
        assert totals == {30}
        assert differences() == []
        assert standing().state == "current"

    def test_no_text_is_cut_with_words_that_are_gone(self, make_article, at_once):
        """A word is added while an article is written that nobody else sees yet."""
        make_article()
        written, order, adding = threading.Event(), [], []

        def write():
            with transaction.atomic():
                Article(title="新的一篇", body="<p>看得懂</p>").save()
                written.set()
                soon(lambda: order or (adding and is_blocked(adding[0])))
                order.append("article")

        def add():
            assert written.wait(60)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                adding.append(cursor.fetchone()[0])
            DomainWord(word=self.WORD).save()
            order.append("word")
            rebuild()

        at_once(write, add)
        assert order == ["article", "word"]
        assert standing().state == "current"
        assert differences() == []

    def test_a_tag_is_deleted_while_articles_are_given_it(self, make_article, at_once):
        articles = [make_article(f"第{n}篇", tags=["維權"] if n % 2 else []) for n in range(10)]
        tag = Tag.objects.get(name="维权")
        refused, is_given = [], threading.Event()

        def give():
            for number, article in enumerate(articles):
                if number == 4:
                    is_given.set()
                try:
                    article.set_tags([tag])
                except Exception as error:  # it is gone
                    refused.append(error)

        def delete():
            assert is_given.wait(60)
            Tag.objects.get(pk=tag.pk).delete()

        at_once(give, delete)
        assert not Tag.objects.filter(pk=tag.pk).exists()
        assert differences() == []

    def test_articles_are_changed_and_deleted_from_all_sides(self, make_article, at_once):
        articles = [make_article(f"第{n}篇", tags=["維權"]) for n in range(12)]
        keys = [article.pk for article in articles]

        def change():
            for pk in keys:
                article = Article.objects.filter(pk=pk).first()
                if article:
                    article.title += "改"
                    article.save(force_update=False)

        def withdraw():
            for start in range(0, 12, 3):
                move(Article.objects.filter(pk__in=keys[start : start + 3]), Status.DRAFT, None)

        def delete():
            Article.objects.filter(pk__in=keys[6:9]).delete()

        at_once(change, withdraw, delete, lambda: index(keys), lambda: rebuild(everything=True))
        assert differences() == []


def test_terms_are_added_once(make_article):
    from articles.models import Term

    make_article()
    count = Term.objects.count()
    assert count
    index_module._known_terms.clear()
    index(Article.objects.values_list("pk", flat=True))
    assert Term.objects.count() == count


class TestEstimates:
    """What is very common is not counted to the end."""

    @pytest.fixture
    def library(self, make_article, monkeypatch):
        for number in range(24):
            has = "職工的提案" if number % 2 else "職工"
            published = timezone.now() - timedelta(days=30 - number)
            article = make_article(body=f"<p>{has}。</p>", published_at=published)
            index([article.pk])
        if connection.vendor == "postgresql":
            monkeypatch.setattr(postgres, "_ALL_AT_ONCE", 3)
            monkeypatch.setattr(postgres, "_NOT_COUNTED", 3)
            monkeypatch.setattr(postgres, "_RUNGS", (8,))
            monkeypatch.setattr(postgres, "_WITHOUT", 12)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE articles_searchrow")
        else:
            monkeypatch.setattr(sqlite, "_MOST_COUNTED", 4)
            monkeypatch.setattr(sqlite, "_STEP", 1)
            monkeypatch.setattr(sqlite, "_FEW", 2)

    def test_a_common_word_is_estimated(self, library):
        found = engine().find(parse("提案", current_words()), 3)
        assert len(found.matches) == 3
        assert not found.is_counted
        assert found.total == pytest.approx(12, abs=3)

    @pytest.mark.parametrize(
        "query", ["職工", "提案", "職工 提案", "提案 火星", "職代會", "“職工的”"]
    )
    def test_it_expects_what_the_planner_would(self, library, query):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no planner to ask")
        query = parse(query, current_words())
        conditions, values = tsquery.conditions_of(query, a_query="%s::tsquery")
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN (FORMAT JSON) SELECT 1 FROM articles_searchrow WHERE "  # noqa: S608
                + " AND ".join(conditions),
                values,
            )
            plan = cursor.fetchone()[0]
        planned = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"]
        assert tsquery.expected_rows(query) == pytest.approx(planned, abs=1)

    def test_so_is_what_is_left_of_it(self, library):
        found = engine().find(parse("職工 -提案", current_words()), 3)
        assert len(found.matches) == 3
        assert found.total == pytest.approx(12, abs=3)

    def test_what_the_newest_have_not_is_not_said_to_be_nowhere(self, library):
        found = engine().find(parse("職工 -工會", current_words()), 3)
        assert found.matches == []
        assert found.is_counted == (connection.vendor == "sqlite")

    def test_what_is_still_to_be_read_is_not_counted(self, library, monkeypatch):
        if connection.vendor == "postgresql":
            monkeypatch.setattr(postgres, "_ALL_AT_ONCE", 1_000)
        else:
            monkeypatch.setattr(sqlite, "_MOST_COUNTED", 1_000)
        query = parse("“提案”", current_words())
        assert engine().find(query, 3)[1:] == (12, True)
        found = engine().find(query, 3, to_be_read=True)
        assert found.matches == engine().newest(query, 3) == engine().find(query, 3).matches
        assert not found.is_counted
        assert found.total == pytest.approx(12, abs=3)
        assert engine().find(query, 20, to_be_read=True)[1:] == (12, True)

    def test_the_desk_takes_the_newest_of_what_is_common(self, library, monkeypatch):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite looks for all")
        everything = Article.objects.all()
        assert matching(everything, "職工")[1]
        monkeypatch.setattr(postgres, "_AT_DESK", 6)
        newest = set(Article.objects.order_by("-published_at").values_list("pk", flat=True)[:6])
        found, is_all = matching(everything, "職工")
        assert not is_all
        assert (
            newest
            <= set(found.values_list("pk", flat=True))
            < set(everything.values_list("pk", flat=True))
        )
        asked = []
        monkeypatch.setattr(postgres, "_by_index", lambda *told: asked.append(told) or [])
        matching(everything, "職工")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {asked[0][0]}", asked[0][1])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert plan.count("position") and "Filter" not in plan, plan  # places by the index too
        monkeypatch.undo()
        monkeypatch.setattr(postgres, "_AT_DESK", 6)
        found, is_all = matching(everything, "職工 -提案")  # twelve: as many again are looked at
        assert not is_all
        assert len(found) >= 6

    def test_what_was_counted_is_kept_for_the_next_page(self, library, monkeypatch):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite counts in milliseconds")
        monkeypatch.setattr(postgres, "_ALL_AT_ONCE", 1_000)
        query = parse("提案", current_words())
        first = engine().find(query, 3)
        looked_at = []
        fetch = postgres._fetch
        monkeypatch.setattr(
            postgres, "_fetch", lambda *asked: looked_at.append(asked[-1]) or fetch(*asked)
        )
        assert engine().find(query, 3) == first
        assert looked_at[0] is not None  # the newest were enough
        other = parse("提案 職工", current_words())
        assert engine().find(other, 3)[1:] == (12, True)
        assert looked_at[-1] is None

    def test_whether_a_word_stands_anywhere(self, library):
        asked = {text: engine().stands(parse(text, current_words())) for text in ("提案", "火星")}
        assert asked == {"提案": True, "火星": False}


class TestCounting:
    """What is counted by the way waits for nobody."""

    def test_a_row_another_has_is_not_waited_for(self, transactional_db):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has one writer at a time")
        note("工會", 1)
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("UPDATE articles_searchlog SET times = 5")
            note("工會", 2)
            with other.cursor() as cursor:
                cursor.execute("COMMIT")
        finally:
            other.close()
        assert list(SearchLog.objects.values_list("times", "hits")) == [(5, 1)]
        note("工會", 3)
        assert list(SearchLog.objects.values_list("times", "hits")) == [(6, 3)]
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)

    def test_nothing_is_lost_of_what_is_around_it(self, make_article):
        article = make_article()
        engine().write_without_waiting(
            "DELETE FROM articles_searchlog WHERE day < %s", ["2020-1-1"]
        )
        with pytest.raises(DatabaseError):
            engine().write_without_waiting("DELETE FROM no_such_table WHERE day < %s", ["2020-1-1"])
        assert Article.objects.filter(pk=article.pk).exists()
