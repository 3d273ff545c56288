"""Home and lists: what they offer to narrow them by, their order, and what is read most."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Collection,
    CollectionItem,
    Listing,
    ListStep,
    ReadCount,
    SearchVersion,
    Tag,
    TagAlias,
    TaggedArticle,
)
from articles.reading import read_counts
from articles.reading.cards import Shelf
from articles.reading.views import filters
from articles.reading.views import lists as views
from articles.search import list_steps, lists
from articles.search.engine import engine
from articles.search.index import index, index_marks
from articles.search.lists import counts
from articles.search.rebuild import differences, rebuild

from ..support.shelves import shelf, store_article

pytestmark = pytest.mark.django_db


@shelf
def library(make_article):
    """30 articles: even ones by 劉明 on 維權, two of five papers, over three years."""
    for number in range(30):
        make_article(
            f"第{number}篇",
            authors=["王芳"] if number % 2 else ["劉明"],
            tags=["提案", "職代會"] if number % 2 else ["維權"],
            genre="paper" if number % 5 < 2 else "speech",
            stated_date=date(2010 + number % 3, 1 + number % 12, 5),
            published_at=timezone.now() - timedelta(days=number),
        )
    make_article("草稿", status="draft", tags=["安康杯"], authors=["隱名氏"], genre="commentary")


def numbers(content: str) -> list[int]:
    return [int(n) for n in re.findall(r"第(\d+)篇", content)]


def chips(content: str) -> dict[str, tuple[str, int]]:
    """Return what a list can be narrowed by: the text of each chip, its address and its number."""
    found = re.findall(
        r'<a class="chip" rel="nofollow" href="([^"]+)">([^<]+) <small>(?:約 )?(\d+)</small>',
        content,
    )
    return {text: (url.replace("&amp;", "&"), int(n)) for url, text, n in found}


class TestNarrowing:
    @pytest.mark.parametrize(
        "query", ["", "?tag=weiquan", "?genre=paper&tag=weiquan", "?author=wang-fang&year=2011", "?year=2010&sort=date"]
    )  # fmt: skip
    def test_every_chip_leaves_as_many_as_it_says(self, client, library, query):
        offered = chips(client.get(f"/zh-hant/articles/{query}").content.decode())
        assert offered
        for text, (url, count) in offered.items():
            content = client.get(url).content.decode()
            assert f"<span>{count} 篇文章</span>" in content, text

    def test_what_is_chosen_is_not_offered_again_but_taken_away(self, client, library):
        content = client.get(
            "/zh-hant/articles/?tag=weiquan&genre=paper&sort=date"
        ).content.decode()
        assert not {"維權", "論文", "職代會"} & set(chips(content))
        assert {"2010"} == set(chips(content)) or "劉明" not in chips(content)
        assert 'href="/zh-hant/articles/?genre=paper&amp;sort=date"' in content
        assert 'href="/zh-hant/articles/?tag=weiquan&amp;sort=date"' in content

    def test_a_value_that_would_narrow_nothing_is_not_offered(self, client, library):
        assert "劉明" not in chips(client.get("/zh-hant/articles/?tag=weiquan").content.decode())

    def test_nothing_only_drafts_have_is_offered(self, client, library):
        content = client.get("/zh-hant/articles/").content.decode()
        assert not {"評論", "安康杯", "隱名氏"} & set(chips(content))

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("genre=poem", 404), ("genre=commentary", 200), ("year=1950", 200),
            ("tag=ankangbei&genre=paper", 404), ("author=yin-ming-shi&tag=weiquan", 404),
            ("tag=weiquan&author=wang-fang", 200), ("sort=nonsense", 200), ("page=2&sort=date", 200),
        ],
    )  # fmt: skip
    def test_what_is_unknown_and_what_is_empty(self, client, library, query, code):
        assert client.get(f"/zh-hant/articles/?{query}").status_code == code

    def test_many_values_are_cut_and_the_others_folded_away(self, client, make_article):
        for number in range(filters.ON_OFFER + 3):
            make_article(f"第{number}篇", authors=[f"作者{number}"])
        content = client.get("/zh-hant/articles/").content.decode()
        assert "再看 3 個" in content

    @pytest.mark.parametrize("facets", [[], ["t"], ["t", "a"]])
    def test_numbers_of_a_long_list_are_scaled_up_and_said_to_be(
        self, client, library, monkeypatch, facets
    ):
        monkeypatch.setattr(lists, "_LOOKED_AT", 5)
        monkeypatch.setattr(lists, "_AT_ONCE", 5)
        marks = {"t": f"t{Tag.objects.get(slug='weiquan').pk}", "a": f"a{Author.objects.get(slug='liu-ming').pk}"}  # fmt: skip
        shelf = Shelf("zh-Hant", *(marks[one] for one in facets))
        beside, is_exact = shelf.beside
        assert not is_exact
        if facets:
            assert beside[marks["t"]] == shelf.count() == 15
            content = client.get("/zh-hant/articles/?tag=weiquan").content.decode()
            assert "<small>約 " in content


class TestOrder:
    def by_date(self, **wanted):
        articles = Article.objects.published().filter(**wanted)
        ordered = articles.order_by("-dated", "-published_at", "-pk")
        return [int(re.search(r"\d+", one.title)[0]) for one in ordered]

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("", {}), ("&genre=paper", {"genre": "paper"}), ("&tag=weiquan", {"tagged__tag__slug": "weiquan"}),
            ("&tag=weiquan&genre=paper", {"genre": "paper", "tagged__tag__slug": "weiquan"}),
        ],
    )  # fmt: skip
    def test_by_the_date_of_the_text(self, client, library, query, wanted):
        content = client.get(f"/zh-hant/articles/?sort=date{query}").content.decode()
        assert numbers(content) == self.by_date(**wanted)[:20]

    def test_its_last_pages_are_read_from_the_other_end(self, client, library, monkeypatch):
        monkeypatch.setattr(lists, "_NEAR", 1)
        content = client.get("/zh-hant/articles/?sort=date&page=2").content.decode()
        assert numbers(content) == self.by_date()[20:]

    def test_no_order_is_offered_where_it_would_take_long(self, client, library, monkeypatch):
        monkeypatch.setattr(lists, "_AT_ONCE", 3)
        plain = client.get("/zh-hant/articles/?tag=weiquan&author=liu-ming").content.decode()
        asked = client.get("/zh-hant/articles/?tag=weiquan&author=liu-ming&sort=date")
        assert "sort=date" not in plain
        assert numbers(plain) == numbers(asked.content.decode())

    def test_the_archive_goes_by_it(self, client, library):
        content = client.get("/zh-hant/archive/2010/").content.decode()
        assert numbers(content) == self.by_date(dated__year=2010)
        content = client.get("/zh-hant/archive/2010/01/").content.decode()
        assert numbers(content) == self.by_date(dated__year=2010, dated__month=1) != []


class TestFarDown:
    """Pages far down a long list are found by its steps."""

    @pytest.fixture(autouse=True)
    def short_steps(self, library, monkeypatch):
        monkeypatch.setattr(lists, "_NEAR", 1)
        monkeypatch.setattr(lists, "_COUNTED_ANEW", 1)
        monkeypatch.setattr(list_steps, "_STEP", 4)
        newest = Article.objects.published().order_by("-published_at", "-pk")
        self.order = list(newest.values_list("pk", flat=True))

    def read(self, *facets, size=4):
        """Return a list as it is read page by page."""
        ((count,),) = list_steps.entries("".join(facets), "count(*)")
        shelf = Shelf("zh-Hant", *facets, count=count)
        pages = (shelf.ids(at, min(at + size, count)) for at in range(0, count, size))
        return [pk for page in pages for pk in page]

    @pytest.mark.parametrize("size", [1, 4, 7])
    def test_page_by_page_it_is_the_whole_list(self, size):
        assert self.read(size=size) == self.order
        assert self.read(size=size) == self.order  # now from what is kept
        assert ListStep.objects.filter(facet="").count() == 7

    def test_so_it_is_of_a_tag(self):
        tag = Tag.objects.get(slug="weiquan")
        has = set(Article.objects.filter(tagged__tag=tag).values_list("pk", flat=True))
        assert self.read(f"t{tag.pk}") == [pk for pk in self.order if pk in has]

    def test_all_of_one_second_are_told_apart(self, make_article):
        ListStep.objects.all().delete()
        second = timezone.now() - timedelta(days=50)
        same = [make_article(f"同時{n}", published_at=second).pk for n in range(10)]
        assert self.read() == [*self.order, *reversed(same)]

    def test_what_is_published_later_comes_first(
        self, make_article, django_capture_on_commit_callbacks
    ):
        self.read()
        steps = set(ListStep.objects.values_list("facet", "counted", "position"))
        with django_capture_on_commit_callbacks(execute=True):
            newest = [make_article(f"新的{number}").pk for number in range(10)]
            index(newest)
        assert self.read() == [*reversed(newest), *self.order]
        assert steps < set(ListStep.objects.values_list("facet", "counted", "position"))

    @pytest.mark.parametrize("how", ["deleted", "withdrawn", "dated back", "tagged"])
    def test_what_changes_behind_is_counted_anew(self, how, django_capture_on_commit_callbacks):
        tag = Tag.objects.get(slug="weiquan")
        tagged = f"t{tag.pk}"
        self.read(), self.read(tagged)
        one = Article.objects.get(pk=self.order[21])
        left = [pk for pk in self.order if pk != one.pk]
        with django_capture_on_commit_callbacks(execute=True):
            if how == "deleted":
                Article.objects.filter(pk=one.pk).delete()
            elif how == "withdrawn":
                one.status = "archived"
                one.save()
            elif how == "dated back":
                one.published_at -= timedelta(days=500)
                one.save()
                left.append(one.pk)
            else:
                TaggedArticle.objects.create(content_object=one, tag=tag)
                index_marks([one.pk])
                left = self.order
        assert self.read() == left
        has = set(Article.objects.filter(tagged__tag=tag).values_list("pk", flat=True))
        assert self.read(tagged) == [pk for pk in left if pk in has]

    @pytest.mark.parametrize("how", ["withdrawn", "brought back"])
    def test_what_changes_between_the_newest_step_and_those_behind_it(
        self, how, monkeypatch, make_article, django_capture_on_commit_callbacks
    ):
        """Who counts has read up to where that is done; then an entry before it comes or goes."""
        one = Article.objects.get(pk=self.order[25])
        others = [pk for pk in self.order if pk != one.pk]
        first, then = (others, self.order) if how == "brought back" else (self.order, others)

        def move():
            one.status = "archived" if one.status == "published" else "published"
            with django_capture_on_commit_callbacks(execute=True):
                one.save()

        if how == "brought back":
            move()
        assert self.read() == first
        newer = [make_article(f"新的{number}").pk for number in range(12)]
        count_on, moved = list_steps._count_on, []

        def late(*args):
            if not moved:
                moved.append(move())
            count_on(*args)

        monkeypatch.setattr(list_steps, "_count_on", late)
        self.read()
        assert moved
        assert ListStep.objects.filter(facet="").count() == 10
        assert self.read() == [*reversed(newer), *then]

    def test_what_expires_shifts_pages_for_a_day(self):
        self.read()
        gone = self.order[5:25:4]
        Article.objects.filter(pk__in=gone).update(expires_at=timezone.now())
        Listing.objects.filter(article__in=gone).update(expires=timezone.now())
        left = [pk for pk in self.order if pk not in gone]
        assert set(self.read()) <= set(left)
        ListStep.objects.update(counted_at=F("counted_at") - timedelta(days=1))
        assert self.read() == left

    def test_an_index_made_anew_has_them(self):
        rebuild(everything=True)
        assert ListStep.objects.filter(facet="").count() == 7
        with CaptureQueriesContext(connection) as captured:
            assert self.read() == self.order
        assert not [one for one in captured if "INSERT" in one["sql"]]

    def test_the_last_page_of_what_was_counted_is_not_empty(self):
        gone = self.order[10:25]
        Article.objects.filter(pk__in=gone).delete()
        left = [pk for pk in self.order if pk not in gone]
        assert Shelf("zh-Hant", count=30).ids(28, 30) == left[-2:]

    def test_what_cannot_be_kept_is_counted_again(self, monkeypatch):
        def full(statement, values):
            raise DatabaseError("disk full")

        monkeypatch.setattr(engine(), "count_without_waiting", full)
        assert self.read() == self.order
        assert not ListStep.objects.exists()

    def test_it_takes_as_many_queries_anywhere(self):
        self.read()
        asked = set()
        for start in (4, 12, 24, 28):
            with CaptureQueriesContext(connection) as captured:
                Shelf("zh-Hant", count=30).ids(start, start + 4)
            asked.add(len(captured))
        assert asked == {4}


class TestDates:
    """Each entry shows the date by whose year it is found, and what kind of date that is."""

    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ({}, "入庫：2019年5月6日"),
            ({"stated_date": date(2011, 3, 5)}, "<span>2011年3月5日"),
            ({"stated_date": date(2011, 3, 5), "date_is_upload": True}, "網站上傳：2011年3月5日"),
            ({"stated_date": date(2011, 1, 1), "date_is_upload": True, "date_precision": "year"}, "網站上傳：2011年<"),
        ],
    )  # fmt: skip
    def test_every_list_says_what_its_dates_are(self, client, make_article, fields, shown):
        entered = datetime(2019, 5, 6, 9, tzinfo=UTC)
        article = make_article("走進班組", tags=["維權"], authors=["劉明"], published_at=entered, **fields)  # fmt: skip
        collection = Collection.objects.create(name="专题", status="published")
        CollectionItem.objects.create(collection=collection, article=article, position=1)
        year = article.dated.year
        for page in (
            *("articles/", "tags/weiquan/", "authors/liu-ming/", f"archive/{year}/"),
            *("search/?q=走進班組", collection.get_absolute_url().removeprefix("/zh-hant/")),
        ):
            content = client.get(f"/zh-hant/{page}").content.decode()
            content = re.sub("<time[^>]*>", "", content)
            assert shown in content, page
        home = re.sub("<time[^>]*>", "", client.get("/zh-hant/").content.decode())
        assert "入庫：2019年5月6日" in home  # what came last is listed there by when it came


class TestAddresses:
    @pytest.mark.parametrize(
        ("path", "canonical"),
        [
            ("articles/?utm_source=x", "articles/"),
            ("articles/?page=2&x=1", "articles/?page=2"),
            ("articles/?year=2010&page=1", "articles/?year=2010"),
            ("articles/?genre=paper&tag=weiquan", "articles/?tag=weiquan&amp;genre=paper"),
            ("tags/weiquan/?utm=1", "tags/weiquan/"),
            ("archive/2010/?x=1", "archive/2010/"),
            ("", ""),
        ],
    )
    def test_each_page_names_its_one_address(self, client, library, path, canonical):
        content = client.get(f"/zh-hant/{path}").content.decode()
        assert f'<link rel="canonical" href="http://testserver/zh-hant/{canonical}">' in content

    @pytest.mark.parametrize(
        ("query", "hidden"),
        [("", False), ("?tag=weiquan", True), ("?page=2", False), ("?tag=weiquan&year=2010", True), ("?sort=date", True), ("?year=1950", True)],
    )  # fmt: skip
    def test_what_narrows_a_list_is_kept_out_of_search_engines(
        self, client, library, query, hidden
    ):
        content = client.get(f"/zh-hant/articles/{query}").content.decode()
        assert ('content="noindex, follow"' in content) is hidden

    def test_articles_know_the_list_they_are_opened_from(self, client, library):
        tag = Tag.objects.get(slug="weiquan")
        content = client.get("/zh-hant/tags/weiquan/").content.decode()
        assert f"/?in=t{tag.pk}" in content

    @pytest.mark.parametrize(
        ("path", "target"),
        [
            ("tags/維權/", "tags/weiquan/"), ("tags/维权/", "tags/weiquan/"), ("tags/職工權益/", "tags/weiquan/"),
            ("authors/劉明/", "authors/liu-ming/"), ("authors/刘明/", "authors/liu-ming/"),
        ],
    )  # fmt: skip
    def test_names_and_aliases_lead_to_the_page(self, client, library, path, target):
        response = client.get(f"/zh-hant/{path}")
        assert (response.status_code, response.url) == (301, f"/zh-hant/{target}")

    def test_an_alias_that_looks_like_an_address_leads_there_too(self, client, library):
        TagAlias.objects.create(tag=Tag.objects.get(slug="weiquan"), name="rights")
        assert client.get("/zh-hant/tags/rights/").url == "/zh-hant/tags/weiquan/"

    @pytest.mark.parametrize(
        "path",
        ["tags/安康杯/", "tags/沒有這個/", "authors/隱名氏/", "authors/nobody/", "tags/%00/", "authors/a%0Ab/", f"tags/{'長' * 91}/"],
    )  # fmt: skip
    def test_what_nobody_may_see_leads_nowhere(self, client, library, path):
        assert client.get(f"/zh-hant/{path}").status_code == 404

    def test_a_name_two_authors_have_leads_to_neither(self, client, library, make_article):
        other = Author(name_hant="劉明", unit_hant="市總工會")
        other.save()
        make_article().set_authors([other])
        assert client.get("/zh-hant/authors/劉明/").status_code == 404


class TestPageBar:
    @pytest.mark.parametrize(
        ("page", "bar"),
        [(1, "1 2 3 … 12"), (6, "1 … 4 5 6 7 8 … 12"), (12, "1 … 10 11 12")],
    )
    def test_it_shows_the_ends_and_what_is_near(self, client, make_article, monkeypatch, page, bar):
        for number in range(12):
            make_article(f"第{number}篇")
        monkeypatch.setattr("articles.reading.views.filters.page_of.__defaults__", (1,))
        content = client.get(f"/zh-hant/articles/?page={page}").content.decode()
        shown = re.search(r'<nav class="pager".*?</nav>', content, re.DOTALL)[0]
        numbers = re.findall(r">([\d…]+)<", re.search(r"<ol>.*</ol>", shown, re.DOTALL)[0])
        assert " ".join(numbers) == bar
        assert f'<b aria-current="page">{page}</b>' in shown
        assert 'page=1"' not in shown  # the first page has one address
        assert ('rel="prev"' in shown, 'rel="next"' in shown) == (page > 1, page < 12)


class TestTagsAndAuthors:
    def test_a_tag_names_those_it_shares_articles_with(self, client, library):
        content = client.get("/zh-hant/tags/ti-an/").content.decode()
        related = re.search(r'aria-label="相關標籤".*?</p>', content, re.DOTALL)[0]
        assert re.findall(r"/tags/([^/]+)/", related) == ["zhidaihui"]

    def test_descriptions_are_shown(self, client, library):
        tag = Tag.objects.get(slug="weiquan")
        tag.description_hant = "維護職工的權利。"
        tag.save()
        assert "維護職工的權利。" in client.get("/zh-hant/tags/").content.decode()
        assert "维护职工的权利。" in client.get("/zh-hans/tags/weiquan/").content.decode()

    def test_many_authors_stand_under_their_initials(self, client, make_article, monkeypatch):
        monkeypatch.setattr(views, "AUTHORS_ON_ONE_PAGE", 3)
        for number, name in enumerate(["劉明", "李梅", "王芳", "張強", "9號"]):
            for _ in range(number + 1):
                make_article(authors=[name])
        make_article(authors=["隱名氏"], status="draft")
        content = client.get("/zh-hant/authors/").content.decode()
        people = re.search(r'<ul class="people">.*?</ul>', content, re.DOTALL)[0]
        assert re.findall(r">(\w+)</a>", people) == ["9號", "張強", "王芳"]
        assert re.findall(r"\?initial=(\S+?)\"", content) == ["%23", "L", "W", "Z"]
        people = client.get("/zh-hant/authors/?initial=l").content.decode()
        assert re.findall(r'/authors/([a-z-]+)/"', people) == ["li-mei", "liu-ming"]
        assert client.get("/zh-hant/authors/?initial=Y").status_code == 404
        assert client.get("/zh-hant/authors/?initial=L&page=2").status_code == 404


class TestArchive:
    def test_the_overview_counts_each_month(self, client, library):
        content = client.get("/zh-hant/archive/").content.decode()
        for year, month in [(2010, 1), (2011, 2), (2012, 12)]:
            n = Article.objects.published().filter(dated__year=year, dated__month=month).count()
            assert f'/archive/{year}/{month:02}/"><b>{month}月</b> <small>{n}</small>' in content
        assert "/archive/2010/02/" not in content

    @pytest.mark.parametrize("path", ["archive/1999/", "archive/2010/02/", "archive/2010/?page=9"])
    def test_what_is_empty_is_not_found(self, client, library, path):
        assert client.get(f"/zh-hant/{path}").status_code == 404


def test_genres_months_and_dates_follow_the_article(make_article):
    article = make_article(genre="paper", stated_date=date(2011, 3, 1))
    assert counts()["gpaper"] == counts()["m201103"] == 1
    article.genre, article.stated_date = "", date(2012, 4, 2)
    article.save()
    assert not {"gpaper", "m201103"} & set(counts())
    assert set(Listing.objects.values_list("dated", flat=True)) == {date(2012, 4, 2)}
    assert differences() == []


def test_an_index_from_before_is_made_anew_by_the_rebuild(make_article):
    """As the migration leaves it: lists of old, and a number that tells that they are."""
    article = make_article(genre="paper")
    Listing.objects.exclude(facet="").delete()
    Listing.objects.update(dated=None)
    now = SearchVersion.objects.get().number
    SearchVersion.objects.update(number=now + 1, indexed=now)
    assert rebuild() == 1
    assert counts()["gpaper"] == 1
    assert not Listing.objects.filter(dated=None).exists()
    assert article.pk


class TestHome:
    def test_it_tells_how_large_the_library_is(self, client, library):
        content = client.get("/zh-hant/").content.decode()
        for number, what in [(30, "篇文章"), (2, "位作者"), (3, "個標籤")]:
            assert f"<b>{number}</b> {what}" in content

    def test_one_article_is_enough(self, client, make_article):
        make_article("唯一的一篇")
        content = client.get("/zh-hant/").content.decode()
        assert "唯一的一篇" in content
        assert "近一月熱讀" not in content
        assert "位作者" not in content


def told(client, article, **headers):
    return client.post(f"/zh-hant/articles/{article.pk}/read", headers=headers)


class TestReads:
    @pytest.fixture
    def articles(self, make_article):
        return [make_article(f"第{number}篇") for number in range(5)]

    def test_what_is_read_most_stands_on_the_home_page(self, client, articles):
        today = timezone.localdate()
        for reads_, article in enumerate(articles[1:], 1):
            ReadCount.objects.create(article=article, day=today, reads=reads_)
        old = today - timedelta(days=read_counts.DAYS)
        ReadCount.objects.create(article=articles[0], day=old, reads=99)
        content = client.get("/zh-hant/").content.decode()
        most = content[content.index("近一月熱讀") : content.index("</aside>")]
        assert numbers(most) == [4, 3, 2, 1]

    def test_a_withdrawn_article_leaves_it_at_once(self, client, articles):
        for article in articles:
            ReadCount.objects.create(article=article, day=timezone.localdate())
        client.get("/zh-hant/")
        articles[4].status = "archived"
        articles[4].save()
        content = client.get("/zh-hant/").content.decode()
        assert 4 not in numbers(content[content.index("近一月熱讀") :])

    def test_few_readings_make_no_list(self, client, articles):
        for article in articles[: views.FEWEST_READ - 1]:
            ReadCount.objects.create(article=article, day=timezone.localdate())
        assert "近一月熱讀" not in client.get("/zh-hant/").content.decode()

    def test_a_reading_is_counted_without_cookie_or_token(self, articles):
        strict = Client(enforce_csrf_checks=True)
        response = told(strict, articles[0])
        assert (response.status_code, response.content) == (204, b"")
        assert not response.cookies
        told(strict, articles[0])
        count = ReadCount.objects.get()
        assert (count.article, count.day, count.reads) == (articles[0], timezone.localdate(), 2)

    def test_one_address_counts_a_few_times_an_hour(self, client, articles):
        for _ in range(read_counts.OF_ONE.most + 3):
            assert told(client, articles[0]).status_code == 204
        assert ReadCount.objects.get().reads == read_counts.OF_ONE.most

    def test_and_of_all_articles_too(self, client, articles, monkeypatch):
        monkeypatch.setattr(read_counts.OF_ALL, "most", 3)
        for article in articles:
            told(client, article)
        assert ReadCount.objects.count() == 3

    def test_behind_a_proxy_each_reader_is_one(self, client, articles, settings):
        settings.BEHIND_PROXY = True
        for number in range(read_counts.OF_ONE.most + 3):
            told(client, articles[0], x_forwarded_for=f"1.2.3.4, 10.0.0.{number}")
        assert ReadCount.objects.get().reads == read_counts.OF_ONE.most + 3

    def test_no_address_is_kept(self, client, articles):
        told(client, articles[0])
        assert not [key for key in getattr(cache, "_cache", {}) if "127.0.0.1" in key]

    def test_another_site_cannot_send_its_visitors(self, client, articles):
        assert told(client, articles[0], sec_fetch_site="cross-site").status_code == 403
        assert not ReadCount.objects.exists()

    def test_only_public_articles_are_read(self, client, make_article):
        draft = make_article(status="draft")
        assert told(client, draft).status_code == 404
        assert client.post("/zh-hant/articles/99999999999999999999/read").status_code == 404
        assert not ReadCount.objects.exists()

    def test_it_is_told_not_asked(self, client, articles):
        assert client.get(f"/zh-hant/articles/{articles[0].pk}/read").status_code == 405

    def test_old_counts_are_forgotten(self, client, articles):
        old = timezone.localdate() - timedelta(days=101)
        ReadCount.objects.create(article=articles[0], day=old)
        told(client, articles[1])
        assert [one.article for one in ReadCount.objects.all()] == [articles[1]]

    def test_a_busy_database_loses_the_count_only(self, client, articles, monkeypatch):
        monkeypatch.setattr(read_counts, "_COUNT", "INSERT INTO nowhere VALUES (%s, %s)")
        assert told(client, articles[0]).status_code == 204
        assert client.get("/zh-hant/").status_code == 200


NO_QUESTIONS = (
    "PRAGMA",
    "SAVEPOINT",
    "RELEASE",
    "SELECT set_config",
    "EXPLAIN",
    "SELECT reltuples",
)
"""Limits, transactions, and what the planner is asked about its plans."""


PAGES = [
    "", "articles/", "articles/?page=2&sort=date", "articles/?tag=weiquan", "articles/?author=liu-ming&sort=date",
    "articles/?genre=paper", "articles/?tag=weiquan&author=liu-ming&year=2010&genre=paper", "articles/?tag=weiquan&author=liu-ming&sort=date",
    "articles/?tag=weiquan&author=wang-fang", "tags/", "tags/weiquan/", "authors/", "authors/liu-ming/", "archive/", "archive/2011/", "archive/2011/02/",
    "search/?q=工會", "search/?q=工會&tag=weiquan", "search/?q=職工+工會&tag=weiquan&year=2010",
]  # fmt: skip


@pytest.fixture(scope="module")
def asked(library, django_db_blocker):
    """Return what each page asks of a small library, and of the same one with more in it."""
    found, client = {path: [] for path in PAGES}, Client()
    with django_db_blocker.unblock(), transaction.atomic():
        for more in (1, 12):
            for number in range(more):
                store_article(
                    f"又{number}篇",
                    authors=["劉明", f"新人{number}"],
                    tags=["維權", "提案"],
                    genre="paper",
                    stated_date=date(2010, 1, 5),
                )
            for path in PAGES:
                cache.clear()
                client.get("/zh-hant/search/?q=提案")  # the first search of a day clears the log
                with CaptureQueriesContext(connection) as caught:
                    assert client.get(f"/zh-hant/{path}").status_code == 200
                queries = [one["sql"] for one in caught if "articles_pageversion" not in one["sql"]]
                queries = [sql[:120] for sql in queries if not sql.startswith(NO_QUESTIONS)]
                found[path].append(queries)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_no_page_takes_more_than_eight_queries_however_many_articles(asked, path):
    few, many = asked[path]
    # A search one more, while nothing of what it shows was shown before.
    most = 9 if path.startswith("search/") else 8
    assert max(len(few), len(many)) <= most, (few, many)
    assert len(many) <= len(few)
