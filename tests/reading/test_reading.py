"""The page of an article: facts, the list one came from, what is related, what was repaired."""

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.curation import merging
from articles.curation.publishing import move
from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, Author, ImportRun, Related, Source, Tag

from ..support import shelves
from ..support.places import SEEDS

pytestmark = pytest.mark.django_db

DAMAGED = SEEDS / "06-secret-ballots.txt"


def address(article, tail="", script="zh-hant"):
    return f"/{script}/articles/{article.pk}-{article.slug}/{tail}"


def page_of(client, article, tail="", script="zh-hant"):
    response = client.get(address(article, tail, script))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("title", "runs_on"), [("工會站在哪裡：企業、職工與工會之間的立場", False), ("職代會提案怎樣從一句抱怨變成一件辦成的事", True)]
)  # fmt: skip
def test_a_title_that_runs_on_may_break_anywhere(client, make_article, title, runs_on):
    article = make_article(title)
    for content in (page_of(client, article), client.get("/zh-hant/articles/").content.decode()):
        assert (' class="runs-on">' in content) == runs_on


def test_a_word_blotted_out_is_said_to_be_missing(client, make_article):
    body = (
        '<p>工作者通過* * *創先<a href="https://e.org/**/x">爭優</a>。</p><p>* * *</p><p>2**10</p>'
    )
    article = make_article(body=body)
    content = page_of(client, article)
    assert content.count('class="gap"') == 1
    assert '通過<span class="gap" title="原文此處有字被遮去。">* * *</span>創先' in content
    assert "gap" not in article.renditions.get(script="zh-Hant").body
    assert "文中的星號處，來源原文以星號代替。" in content
    assert "文中的星號處" not in page_of(client, make_article())


@pytest.mark.same_on_both
class TestFacts:
    @pytest.mark.parametrize(
        ("is_upload", "shown"),
        [(False, "成文：2011年3月5日"), (True, "網站上傳：2011年3月5日")],
    )
    def test_dates_say_what_they_are(self, client, make_article, is_upload, shown):
        article = make_article(stated_date=date(2011, 3, 5), date_is_upload=is_upload)
        content = re.sub("<[^>]+>", "", page_of(client, article))
        assert shown in content
        assert re.search("入庫：20[0-9]{2}年", content)

    def test_no_date_is_no_date(self, client, make_article):
        content = page_of(client, make_article())
        assert "成文" not in content
        assert "網站上傳" not in content

    @pytest.mark.parametrize(("characters", "minutes"), [(10, 1), (255 * 6, 6), (255 * 40, 40)])
    def test_the_time_to_read_follows_the_length(self, client, make_article, characters, minutes):
        article = make_article(body=f"<p>{'工' * characters}</p>")
        assert f"約 {minutes} 分鐘讀完" in page_of(client, article)

    def test_authors_tags_source_and_summary(self, client, make_article):
        article = make_article(
            authors=["劉明", "王芳"], tags=["維權"], source_name="工人時報", summary="走進班組的辦法。", genre="speech"
        )  # fmt: skip
        content = page_of(client, article, script="zh-hans")
        assert '<a href="/zh-hans/authors/liu-ming/" rel="author">刘明</a>' in content
        for text in ("王芳", "维权", "工人时报", "走进班组的办法。", "讲话"):
            assert text in content

    def test_citations_are_of_this_script_and_address(self, client, make_article):
        article = make_article(authors=["劉明"], stated_date=date(2011, 3, 5))
        content = page_of(client, article, "?in=a1", script="zh-hans")
        url = f"http://testserver{address(article, script='zh-hans')}"
        day = timezone.localdate().isoformat()
        assert f"刘明. 工会要走进班组[EB/OL]. (2011-03-05)[{day}]. {url}." in content
        assert f"url = {{{url}}}" in content
        assert f'<link rel="canonical" href="{url}">' in content

    def test_hostile_titles_are_shown_not_run(self, client, make_article):
        article = make_article('<script>x</script>"', authors=["<b>某</b>"])
        content = page_of(client, article)
        assert "<script>x" not in content
        assert "<b>某" not in content


@shelves.shelf
def ten_articles(make_article):
    """One a day; every other has the tag and the author; the sixth is a draft."""
    for number in range(10):
        make_article(
            f"第{number}篇",
            authors=["劉明"] if number % 2 else ["王芳"],
            tags=["維權"] if number % 2 else ["提案"],
            stated_date=date(2011, 10 - number, 1),
            status="draft" if number == 5 else "published",
            published_at=timezone.now() - timedelta(days=20 - number),
        )


@pytest.fixture
def shelf(ten_articles, db):
    return list(Article.objects.order_by("pk"))


def beside(content):
    """Return the links before and after, as titles and queries."""
    nav = re.search(r'<nav class="neighbours".*?</nav>', content, re.S)[0]
    found = {}
    for rel, href, title in re.findall(
        r'rel="(\w+)" href="([^"]*)"><small>[^<]*</small>([^<]*)', nav
    ):
        found[rel] = (title, href.partition("?")[2].replace("&amp;", "&"))
    return found


class TestWithin:
    def marker(self, shelf, kind):
        article = shelf[3]
        return {
            "": "",
            "tag": f"?in=t{article.tags.get().pk}",
            "author": f"?in=a{article.byline[0].pk}",
            "year": "?in=y2011",
            "archive": "?in=d2011",
            "month": "?in=d201107",
        }[kind]

    @pytest.mark.parametrize(
        ("kind", "newer", "older", "name"),
        [
            ("", "第4篇", "第2篇", None),
            ("tag", "第7篇", "第1篇", "返回：維權"),  # the fifth is a draft
            ("author", "第7篇", "第1篇", "返回：劉明"),
            ("year", "第4篇", "第2篇", "返回：2011年"),
            ("archive", "第2篇", "第4篇", "返回：2011年"),  # the archive goes by the texts' dates
            ("month", None, None, "返回：2011年7月"),
        ],
    )
    def test_neighbours_are_those_of_the_list(self, client, shelf, kind, newer, older, name):
        marker = self.marker(shelf, kind)
        content = page_of(client, shelf[3], marker)
        found = beside(content)
        assert found.get("prev", (None,))[0] == newer
        assert found.get("next", (None,))[0] == older
        assert all(query == marker[1:] for _, query in found.values())
        assert (name in content) if name else ("返回：" not in content)

    @pytest.mark.parametrize(
        "wanted",
        ["t999999", "a999999", "y1999", "d1999", "d201199", "d201108", "c3", "t", "5", "t5y2011", "t-5", "T5", "t٣",
         "z1", "p", "p1..2", "p999", "t" + "9" * 30, "<script>", "\x00", "p" + ".".join("1" * 30)],
    )  # fmt: skip
    def test_what_is_no_list_or_another_counts_as_all(self, client, shelf, wanted):
        content = page_of(client, shelf[3], f"?in={quote(wanted)}")
        found = beside(content)
        assert found == {"prev": ("第4篇", ""), "next": ("第2篇", "")}
        assert "返回：" not in content

    def test_every_list_passes_itself_on(self, client, shelf):
        tag, author = shelf[3].tags.get(), shelf[3].byline[0]
        for path, marker in [
            ("articles/", ""),
            (f"tags/{tag.slug}/", f"?in=t{tag.pk}"),
            (f"authors/{author.slug}/", f"?in=a{author.pk}"),
            ("archive/2011/", "?in=d2011"),
            ("archive/2011/07/", "?in=d201107"),
            (f"articles/?tag={tag.slug}", f"?in=t{tag.pk}"),
            ("articles/?year=2011", "?in=y2011"),
        ]:
            content = client.get(f"/zh-hant/{path}").content.decode()
            assert f'href="{address(shelf[3])}{marker}"' in content, path

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("search/?q=第&sort=date", "搜尋「第」"),
            ("articles/?tag=weiquan&year=2011", "篩選出的文章"),
        ],
    )
    def test_results_are_gone_through_in_their_order(self, client, shelf, path, name):
        content = client.get(f"/zh-hant/{path}").content.decode()
        links = re.findall(r'<h2><a href="([^"]*)"', content)
        assert len(links) > 3
        links = [link.replace("&amp;", "&") for link in links]
        page = client.get(links[1]).content.decode()
        found = beside(page)
        wanted = [link.split("/")[3].split("-")[0] for link in links]
        assert f"/articles/{wanted[0]}-" in re.search(r'rel="prev" href="([^"]*)"', page)[1]
        assert f"/articles/{wanted[2]}-" in re.search(r'rel="next" href="([^"]*)"', page)[1]
        assert name in page
        back = re.search(r'class="kicker back"><a href="([^"]*)"', page)[1].replace("&amp;", "&")
        returned = client.get(back)
        assert returned.status_code == 200
        assert address(shelf[3]) in returned.content.decode()
        assert client.get(f"{links[1].partition('?')[0]}?{found['next'][1]}").status_code == 200

    def test_a_draft_among_results_leaks_nothing(self, client, shelf):
        ids = f"p{shelf[4].pk}.{shelf[5].pk}.{shelf[6].pk}"
        content = page_of(client, shelf[4], f"?in={ids}&q=x")
        assert "第5篇" not in content
        assert "next" not in beside(content)

    def test_the_list_survives_a_moved_address_and_a_switch_of_script(self, client, shelf):
        response = client.get(f"/zh-hant/articles/{shelf[3].pk}/?in=y2011")
        assert response.status_code == 301
        assert response.url == f"{address(shelf[3])}?in=y2011"
        content = page_of(client, shelf[3], "?in=y2011")
        assert f"/zh-hans/articles/{shelf[3].pk}-{shelf[3].slug}/%3Fin%3Dy2011" in content

    @pytest.mark.parametrize("kind", ["", "tag", "author", "year", "archive", "month"])
    def test_at_most_eight_queries(self, client, shelf, django_assert_max_num_queries, kind):
        marker = self.marker(shelf, kind)
        client.get(address(shelf[3], marker))
        with django_assert_max_num_queries(8):
            client.get(address(shelf[3], marker))


TEXTS = {
    "工資集體協商": "<p>集體協商要有準備。工資集體協商的代表先算賬，集體協商的方案寫三份，協商代表分工。</p>",
    "消防演練": "<p>消防演練分三步，滅火器在門邊。消防演練之後清點人數，滅火器換新。</p>",
    "協商桌上": "<p>集體協商開了三輪，協商代表說到工資。集體協商的結果交職代會，工資表公開。</p>",
    "滅火器怎麼用": "<p>滅火器拔掉插銷。消防演練時人人試一次滅火器，消防演練每季一回。</p>",
}


@pytest.fixture
def essays_on_two_subjects(make_article):
    return {title: make_article(title, body=body) for title, body in TEXTS.items()}


class TestRelated:
    def related_to(self, article):
        return [one.other.title for one in article.related.order_by("-score")]

    def test_what_shares_its_words_is_related(self, client, essays_on_two_subjects):
        first = essays_on_two_subjects["工資集體協商"]
        assert self.related_to(first)[:1] == ["協商桌上"]  # saved later, and offered in turn
        assert "滅火器怎麼用" not in self.related_to(first)
        content = page_of(client, first, script="zh-hans")
        related = re.search(r'<section class="related">.*?</section>', content, re.S)[0]
        assert "协商桌上" in related

    def test_a_shared_tag_brings_nearer(self, make_article):
        for number in range(3):
            make_article(f"別的{number}", body=f"<p>{number}</p>", tags=["提案"])
        near = make_article("近的", body="<p>甲</p>", tags=["維權", "女職工", "集體協商"])
        article = make_article("本篇", body="<p>乙</p>", tags=["維權", "女職工", "集體協商"])
        assert self.related_to(article) == [near.title]

    def test_tags_set_later_count(self, make_article):
        near = make_article("近的", body="<p>甲</p>", tags=["維權", "女職工"])
        article = make_article("本篇", body="<p>乙</p>")
        assert self.related_to(article) == []
        article.set_tags(near.tags.all())
        assert self.related_to(article) == ["近的"]
        article.set_tags([])
        assert self.related_to(article) == []

    @pytest.mark.parametrize("how", ["draft", "archived", "expired", "future", "deleted"])
    def test_what_leaves_the_library_is_not_shown(self, client, essays_on_two_subjects, how):
        first, second = (essays_on_two_subjects[title] for title in ("工資集體協商", "協商桌上"))
        assert "協商桌上" in page_of(client, first)
        now = timezone.now()
        if how == "deleted":
            second.delete()
        else:
            changes = {
                "draft": {"status": "draft"},
                "archived": {"status": "archived"},
                "expired": {"expires_at": now - timedelta(seconds=1)},
                "future": {"published_at": now + timedelta(days=1)},
            }[how]
            Article.objects.filter(pk=second.pk).update(**changes)
        content = page_of(client, first, "?in=t1")
        assert "協商桌上" not in re.sub(
            r'<nav class="neighbours".*?</nav>', "", content, flags=re.S
        )

    def test_copies_are_not_recommended(self, make_article):
        body = "".join(f"<p>第{n}件事，工會要去辦，辦完要回話，職工看得見。</p>" for n in range(40))
        original = make_article("原篇", body=body)
        copy = make_article("抄本", body=body + "<p>完</p>")
        assert copy.found_similar
        assert self.related_to(copy) == []
        assert self.related_to(original) == []

    def test_drafts_published_together_find_each_other(self, make_article, django_user_model):
        first, second = (
            make_article(title, body=TEXTS[title], status="draft")
            for title in ("工資集體協商", "協商桌上")
        )
        assert self.related_to(first) == []
        user = django_user_model.objects.create_superuser("curator")
        move(Article.objects.filter(pk__in=[first.pk, second.pk]), "published", user)
        assert self.related_to(first) == ["協商桌上"]

    def test_the_command_makes_all_anew(self, essays_on_two_subjects, capsys):
        before = set(Related.objects.values_list("article", "other"))
        Related.objects.all().delete()
        call_command("rebuild_related")
        assert "4 articles compared" in capsys.readouterr().out
        assert set(Related.objects.values_list("article", "other")) == before
        assert before

    def test_the_number_compared_does_not_grow_with_the_library(self, make_article):

        for number in range(80):
            make_article(f"集體協商{number}", body=f"<p>{number}</p>", tags=["維權"])
        article = Article.objects.first()
        with CaptureQueriesContext(connection) as few:
            article.set_tags([Tag.objects.named("維權")])
        assert Related.objects.filter(article=article).count() <= 12
        for number in range(80):
            make_article(f"集體協商又{number}", body=f"<p>{number}</p>", tags=["維權"])
        with CaptureQueriesContext(connection) as many:
            article.set_tags([Tag.objects.named("維權")])
        assert len(many) == len(few)


@pytest.fixture
def repaired():
    """An article imported from a damaged text, published."""
    run = ImportRun.objects.create(operator="secret operator")
    draft = make_draft(DAMAGED.read_bytes(), "secret-name.txt", vocabulary=Tag.objects.vocabulary())
    path = "/secret/path/secret-name.txt"
    stored = library.store(draft, path, "secret-name.txt", run=run, publish=True)
    assert stored.article.status == "published"
    return stored.article


@pytest.mark.same_on_both
class TestRepairs:
    def test_the_article_names_their_number_and_links_to_them(self, client, repaired):
        content = page_of(client, repaired)
        count = repaired.source.edit_count
        assert count > 300
        assert f'<a href="{address(repaired, "repairs/")}">本文匯入時修復 {count} 處</a>' in content

    def test_each_stands_in_its_place(self, client, repaired):
        content = page_of(client, repaired, "repairs/", script="zh-hans")
        assert '職<span class="repair" title="拼音夹注"><del>(zhí)</del></span>代會' in content
        assert "<del>,</del><ins>，</ins>" in content
        assert 'class="repaired" lang="zh-Hant"' in content
        assert '<meta name="robots" content="noindex, follow">' in content
        rest = page_of(client, repaired, "repairs/?page=2", script="zh-hans")
        assert content.count('class="repair"') == 200
        assert rest.count('class="repair"') == repaired.source.edit_count - 200

    def test_kinds_are_counted_and_explained(self, client, repaired):
        content = page_of(client, repaired, "repairs/")
        for kind, (n, _) in repaired.source.edit_kinds.items():
            assert re.search(
                rf"\?kind={kind}\">[^<]+</a> <small>{n}</small><span>[^<]+</span>", content
            )
        only = page_of(client, repaired, "repairs/?kind=punctuation")
        assert only.count('class="repair"') == repaired.source.edit_kinds["punctuation"][0]
        assert "<del>(" not in only

    def test_nothing_else_of_the_source_is_shown(self, client, repaired, django_user_model):
        curator = django_user_model.objects.create_superuser("secret-curator")
        repaired.source.decisions.create(action="review", finding={"kind": "x"}, by=curator)
        Source.objects.filter(article=repaired).update(
            flags=[{"kind": "lost-text", "start": 0, "end": 3, "blocking": True, "message": "secret flag", "candidates": []}]
        )  # fmt: skip
        for tail in ("", "repairs/"):
            content = page_of(client, repaired, tail)
            assert "secret" not in content
            assert repaired.source.sha256 not in content

    @pytest.mark.parametrize("change", ["body", "summary", "authors"])
    def test_what_an_editor_took_out_is_not_to_be_read_there(self, client, repaired, change):
        if change == "body":
            repaired.body = repaired.body.replace("執行起來才有底氣", "")
        if change == "summary":
            repaired.summary = "編輯寫的"
        repaired.save()
        if change == "authors":
            repaired.set_authors([Author.objects.create(name_hant="某人")])
        content = page_of(client, repaired, "repairs/?page=2")
        assert "才有底" not in content
        assert 'class="repair"' not in content
        assert "這裡只列出數目" in content

    @pytest.mark.parametrize("change", ["tags", "line ends"])
    def test_other_changes_keep_it(self, client, repaired, change):
        if change == "tags":
            repaired.set_tags([])
        else:
            repaired.body = repaired.body.replace("\n", "")
            repaired.save()
        assert 'class="repair"' in page_of(client, repaired, "repairs/")

    def test_an_author_merged_since_keeps_it(self, client):
        text = "談走訪\n作者：汪芳\n\n工會(huì)的領(lǐng)導(dǎo)走進班組，聽取職工的話(huà)，工會(huì)辦(bàn)實事(shì)，工會(huì)好。\n"
        draft = make_draft(text.encode(), "x.txt", vocabulary=Tag.objects.vocabulary())
        article = library.store(draft, "x.txt", "x.txt", publish=True).article
        Article.objects.filter(pk=article.pk).update(
            status="published", published_at=timezone.now()
        )
        other = Author.objects.create(name_hant="王芳")
        merging.merge(other, article.byline, User.objects.create_user("curator"))
        assert 'class="repair"' in page_of(client, article, "repairs/")
        article.authorships.all().delete()
        assert 'class="repair"' not in page_of(client, article, "repairs/")

    def test_a_text_full_of_markup_is_shown_not_run(self, client):
        text = (
            "職工之家\n\n<script>alert(1)</script>工會(huì)幹部(bù)走進班組，聽職工說話(huà)，<b onclick=x>辦</b>實事(shì)。\n"
            * 2
        )
        draft = make_draft(text.encode(), "x.txt", vocabulary=Tag.objects.vocabulary())
        article = library.store(draft, "x.txt", "x.txt", publish=True).article
        Article.objects.filter(pk=article.pk).update(
            status="published", published_at=timezone.now()
        )
        content = page_of(client, article, "repairs/")
        assert "<script>alert" not in content
        assert "<b onclick" not in content

    @pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
    def test_only_of_public_articles(self, client, repaired, status):
        Article.objects.filter(pk=repaired.pk).update(status=status)
        assert client.get(address(repaired, "repairs/")).status_code == 404

    def test_not_of_articles_written_here_or_undamaged(self, client, make_article, repaired):
        assert client.get(address(make_article(), "repairs/")).status_code == 404
        Source.objects.filter(article=repaired).update(edits=[], edit_count=0, edit_kinds={})
        assert client.get(address(repaired, "repairs/")).status_code == 404
        assert "repairs/" not in page_of(client, repaired)

    @pytest.mark.parametrize(
        "tail", ["?page=0", "?page=99", "?page=x", "?kind=nope", "?kind=%00nope"]
    )
    def test_unknown_pages_and_kinds_are_not_found(self, client, repaired, tail):
        assert client.get(address(repaired, f"repairs/{tail}")).status_code == 404

    def test_a_wrong_slug_leads_to_the_right_one(self, client, repaired):
        response = client.get(f"/zh-hant/articles/{repaired.pk}-x/repairs/?page=1")
        assert response.status_code == 301
        assert response.url == address(repaired, "repairs/?page=1")

    def test_a_megabyte_comes_in_pages(self, client, repaired, django_assert_max_num_queries):
        source = repaired.source
        sentence = "工會(huì)幹部要到職工中間去，聽他們說話，辦完再問一聲。" * 2 + "\n"
        source.text = sentence * 18_000
        source.edits = [
            {"kind": "pinyin-annotation", "start": n * len(sentence) + 2, "end": n * len(sentence) + 7, "before": "(huì)",
             "after": "", "certain": True}
            for n in range(18_000)
        ]  # fmt: skip
        source.tally()
        source.save()
        assert len(source.text) > 1_000_000
        with django_assert_max_num_queries(3):
            content = page_of(client, repaired, "repairs/?page=2")
        assert content.count('class="repair"') == 200
        assert len(content) < 200_000
        assert "第 2 頁，共 90 頁" in content
