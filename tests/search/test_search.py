"""Search as readers use it: what is found, how it is shown, and what happens with odd queries."""

import re
from datetime import date, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from articles.models import Article, Author, AuthorAlias, SearchLog, Tag
from articles.models.search_rows import Term
from articles.search.engine import engine, time_limit
from articles.search.find import find, matching
from articles.search.query import parse
from articles.search.snippets import Marker
from articles.search.suggest import MOST, suggest
from articles.search.words import current_words, first_of
from articles.text.script import HANS, HANT, convert

pytestmark = pytest.mark.django_db


def titles(client, query, script="zh-hant", **values):
    content = client.get(f"/{script}/search/", {"q": query} | values).content.decode()
    content = content.partition('class="offered"')[0]  # what others read was not found
    return [
        re.sub("<[^>]+>", "", title)
        for title in re.findall(r'<li class="item">\s*<h2>(.*?)</h2>', content, re.S)
    ]


class TestQuotationMarks:
    """Either form typed finds either form written, and marks the hit in both scripts."""

    @pytest.fixture(autouse=True)
    def library(self, make_article):
        make_article("直角", body="<p>他說「辦『實』事」才好。</p>", original_script="zh-Hant")
        make_article("弯角", body="<p>他说“办‘实’事”才好。</p>", original_script="zh-Hans")
        make_article("沒有", body="<p>他說辦實事才好，辦事要實。</p>", original_script="zh-Hant")

    @pytest.mark.parametrize(
        "query",
        ["“說「辦『實』事”才", "「說“辦‘實’事」才", "『办“实”事』", "“办‘实’事”", "「办『实』事」"],
    )
    def test_both_are_one(self, client, query):
        assert len(parse(query, current_words()).units) >= 1
        same = parse(query.translate(str.maketrans("「」『』", "“”‘’")), current_words())
        assert parse(query, current_words()).units == same.units

    @pytest.mark.parametrize("query", ["「辦『實』事」", "“办‘实’事”"])
    @pytest.mark.parametrize("script", ["zh-hant", "zh-hans"])
    def test_a_phrase_is_found_in_either(self, client, query, script):
        content = client.get(f"/{script}/search/", {"q": query}).content.decode()
        assert "<mark>" in content
        assert sorted(titles(client, query)) == ["彎角", "直角"]
        hit = {"zh-hant": "辦『實』事", "zh-hans": "办‘实’事"}[script]
        assert content.count(f"<mark>{hit}</mark>") == 2

    @pytest.mark.parametrize("query", ["「才好」", "“才好”", "『才好』", "‘才好’"])
    def test_each_form_asks_for_a_phrase(self, query):
        assert [unit.is_phrase for unit in parse(query, current_words()).units] == [True]

    def test_an_apostrophe_is_no_mark(self):
        assert [unit.is_phrase for unit in parse("don’t", current_words()).units] == [False]


class TestWords:
    @pytest.fixture(autouse=True)
    def library(self, make_article):
        make_article("職工代表大會的提案", body="<p>職工代表大會每年開一次，App 也能提。</p>")
        make_article(
            "局務公開一二事", body="<p>公開要有壹個期限，２０２２年起。</p>", tags=["局務公開"]
        )
        make_article(
            "縣委託辦的事", body="<p>縣委託鄉鎮工會辦理，劉明華經手。</p>", authors=["劉明"]
        )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("职工代表大会", "職工代表大會的提案"),
            ("职代会", "職工代表大會的提案"),
            ("zhidaihui", "職工代表大會的提案"),
            ("zhigong daibiao", "職工代表大會的提案"),
            ("ＡＰＰ", "職工代表大會的提案"),
            ("厂务公开", "局務公開一二事"),
            ("一个", "局務公開一二事"),
            ("2022", "局務公開一二事"),
            ("劉明華", "縣委託辦的事"),
            ("“公開要有”", "局務公開一二事"),
            ("作者：刘明", "縣委託辦的事"),
            ("tag:局务公开 期限", "局務公開一二事"),
            ("乡", "縣委託辦的事"),
        ],
    )
    def test_it_finds_what_is_meant(self, client, query, found):
        assert titles(client, query) == [found]

    def test_single_characters_share_the_words_they_stand_for(self):
        words = [*map(chr, range(0x4E00, 0x4E20))]
        Term.objects.bulk_create(Term(word=f"乡{w}", pinyin="x", weight=1) for w in words)
        Term.objects.bulk_create(Term(word=f"县{w}", pinyin="x", weight=1) for w in words)
        kept = current_words()
        one, both = parse("鄉", kept), parse("鄉 縣", kept)
        assert len(one.units[0].strings) == 1 + 30
        assert [len(unit.strings) for unit in both.units] == [1 + 15, 1 + 15]

    def test_half_a_word_is_no_word(self, client):
        assert titles(client, "縣委") == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("公開 -期限", []),
            ("工會 －劉明", []),
            ("提 -局務", ["職工代表大會的提案"]),
            ("年 -“每年開一次”", ["局務公開一二事"]),
            ("年 -“每年開兩次” -作者:劉明", ["局務公開一二事", "職工代表大會的提案"]),
            ("一 -tag:局務公開", ["職工代表大會的提案"]),
            ("tag:局務公開 -縣委", ["局務公開一二事"]),
            ("tag:局務公開 -期限", []),
            ("2022-公開", ["局務公開一二事"]),
        ],
    )
    def test_what_stands_behind_a_minus_is_left_out(self, client, query, found):
        assert sorted(titles(client, query)) == sorted(found)

    @pytest.mark.parametrize(
        ("query", "count"),
        [("公開 -期限", 0), ("公開 -火星", 1), ("tag:局務公開 公開 -期限", 0), ("tag:局務公開 公開 -火星", 1)],
    )  # fmt: skip
    def test_it_is_left_out_by_its_text_where_titles_are_asked(self, query, count):
        found = engine().newest(parse(query, current_words()), 9, in_titles=True)
        assert len(found) == count

    def test_a_minus_alone_leaves_nothing_out_and_says_so(self, client):
        content = client.get("/zh-hant/search/?q=-工會").content.decode()
        assert "請在它前面寫要找的詞" in content
        assert not SearchLog.objects.exists()

    @pytest.mark.parametrize(("query", "found"), [("作者：", []), ("委託 作者:", ["縣委託辦的事"])])
    def test_a_filter_without_a_value_is_left_out_and_said_so(self, client, query, found):
        assert titles(client, query) == found
        assert "「作者:」後面沒有內容" in client.get(f"/zh-hant/search/?q={query}").content.decode()

    @pytest.mark.parametrize(
        ("query", "instead"),
        [("2011年", "年份:2011"), ("２０１１", "年份:2011"), ("2011年 班組", "年份:2011 班組"), ("1999年", None)],
    )  # fmt: skip
    def test_a_year_leads_to_its_filter(self, make_article, query, instead):
        make_article(stated_date=date(2011, 3, 5))
        found = [text for text in find(query).instead if "年份" in text]
        assert found == ([instead] if instead else [])

    @pytest.mark.parametrize(("query", "fewer"), [("火星", False), ("火星 木星", True)])
    def test_fewer_words_are_advised_where_there_are_several(self, client, query, fewer):
        content = client.get("/zh-hant/search/", {"q": query}).content.decode()
        assert ("少幾個詞" in content) == fewer

    def test_it_says_that_only_the_newest_were_read(self, client, make_article, monkeypatch):
        texts = ["先走訪職工", "職工說走訪好"]
        for days, text in enumerate(texts):
            published = timezone.now() - timedelta(days=9 - days)
            make_article(text, body=f"<p>{text}。</p>", published_at=published).make_findable()
        monkeypatch.setattr("articles.search.find._VERIFIED", 1)
        content = client.get("/zh-hant/search/?q=“走訪職工”").content.decode()
        assert "只查了可能符合的文章裡最新的一部分" in content
        assert "只查了" not in client.get("/zh-hant/search/?q=“職工說”").content.decode()
        assert "只查了" not in client.get("/zh-hant/search/?q=火星").content.decode()

    @pytest.mark.parametrize("query", ["tag:沒有的標籤", "author:無名氏", "year:二〇二二"])
    def test_a_filter_nobody_knows_is_named(self, client, query):
        content = client.get("/zh-hant/search/", {"q": query}).content.decode()
        assert 'class="note"' in content
        assert titles(client, query) == []

    def test_a_wrong_character_leads_to_the_right_word(self, client):
        results = find("局物公开")
        assert "局务公开" in results.instead

    def test_both_scripts_find_the_same(self):
        for one, other in [("職工代表大會", "职工代表大会"), ("縣委託", "县委托")]:
            assert find(one).article_ids == find(other).article_ids != []


class TestResults:
    @pytest.mark.parametrize(
        ("written", "asked"),
        [
            ("倉庫著火的時候", "着火"),
            ("單位沒有答覆提案", "答复"),
            ("先瞭解情況", "了解情况"),
            ("拿經費當藉口", "借口"),
            ("著名的勞模寫了一本著作", "著名 著作"),
        ],
    )
    def test_what_is_written_otherwise_in_traditional_texts_is_found(
        self, make_article, written, asked
    ):
        article = make_article(body=f"<p>{written}。</p>", original_script=HANT)
        assert find(asked).article_ids == [article.pk]
        in_traditional = convert(asked, HANT, HANS)
        assert find(in_traditional).article_ids == [article.pk]

    def test_marks_stand_in_the_readers_script_on_the_words_themselves(self, client, make_article):
        make_article("談票決", body="<p>無記名㎡票決，<b>票</b>決好。&amp; ﬁne</p>")
        content = client.get("/zh-hans/search/?q=票決").content.decode()
        assert "谈<mark>票决</mark>" in content
        assert "无记名㎡<mark>票决</mark>，<mark>票决</mark>好。&amp; ﬁne" in content

    def test_a_word_inside_another_is_not_marked(self, make_article):
        make_article("縣委", body="<p>縣委託鄉鎮辦理。縣委開會。</p>")
        marker = Marker(find("縣委").query)
        assert (
            marker.mark("縣委託鄉鎮辦理。縣委開會。") == "縣委託鄉鎮辦理。<mark>縣委</mark>開會。"
        )

    def test_titles_go_before_texts_and_dates_can_go_first(self, client, make_article):
        now = timezone.now()
        make_article("票決", published_at=now - timedelta(days=9))
        make_article("新的", body="<p>票決</p>", published_at=now - timedelta(days=1))
        assert titles(client, "票決") == ["票決", "新的"]
        assert titles(client, "票決", sort="date") == ["新的", "票決"]

    def test_results_can_be_narrowed_by_what_they_have(self, client, make_article):
        make_article("甲", tags=["維權"], authors=["王芳"], stated_date=date(2012, 1, 1))
        make_article("乙", tags=["維權", "提案"], stated_date=date(2013, 1, 1))
        content = client.get("/zh-hant/search/?q=工會").content.decode()
        assert re.search(r'href="/zh-hant/search/\?q=[^"]*tag=ti-an">提案 <small>1<', content)
        assert "year=2012" in content
        assert "tag=weiquan" not in content.split("<aside>")[1]  # both have it
        assert titles(client, "工會", tag="ti-an") == ["乙"]
        assert titles(client, "工會", author="wang-fang", year="2012") == ["甲"]
        assert titles(client, "工會", tag="ti-an", year="2012") == []

    def test_many_values_are_folded_away_and_genres_are_offered(self, client, make_article):
        for number in range(12):
            make_article(authors=[f"王{'一二三四五六七八九十百千'[number]}"], genre="paper" if number % 2 else "speech")  # fmt: skip
        content = client.get("/zh-hant/search/?q=職工&sort=date").content.decode()
        assert "再看 2 個" in content
        chips = re.findall(
            r'<a class="chip" rel="nofollow" href="([^"]+)">([^<]+) <small>', content
        )
        assert len(chips) == 14
        url = next(url for url, text in chips if text == "論文").replace("&amp;", "&")
        assert "sort=date" in url
        narrowed = client.get(url).content.decode()
        assert "<span>6 篇文章</span>" in narrowed

    def test_twenty_a_page(self, client, make_article):
        for number in range(21):
            make_article(f"第{number}篇")
        assert len(titles(client, "班組")) == 0
        assert len(titles(client, "職工")) == 20
        assert len(titles(client, "職工", page=2)) == 1
        for page in ("0", "3", "51", "x"):
            assert client.get("/zh-hant/search/", {"q": "職工", "page": page}).status_code == 404

    def test_pages_end_where_a_phrase_was_looked_for_no_further(
        self, client, make_article, monkeypatch
    ):
        monkeypatch.setattr("articles.search.find._VERIFIED", 22)
        for number in range(30):
            make_article(f"第{number}篇")
        assert len(titles(client, "“到職工中間去”", page=2)) == 2
        assert client.get("/zh-hant/search/?q=“到職工中間去”&page=3").status_code == 404

    def test_only_what_readers_may_see_by_the_time(self, client, make_article):
        now = timezone.now()
        hour = timedelta(hours=1)
        make_article("草稿", status="draft")
        make_article("存檔", status="archived", published_at=now)
        make_article("明天", published_at=now + hour)
        make_article("過期", published_at=now - hour, expires_at=now - hour / 2)
        make_article("在線", published_at=now - hour, expires_at=now + hour)
        for query in ("職工", "tag:維權 職工", "草稿", "明天", "過期"):
            assert set(titles(client, query)) <= {"在線"}
        assert find("職工").total == 1
        assert [one.text for one in suggest("明", "zh-Hant") + suggest("guo", "zh-Hant")] == []


class TestSuggestions:
    def test_titles_tags_and_authors(self, client, make_article):
        make_article("民主管理談", tags=["民主管理"], authors=["閔珠"])
        for typed, texts in [
            ("民主", ["民主管理", "民主管理談"]),
            ("minzhu", ["民主管理", "閔珠", "民主管理談"]),
            ("管理", ["民主管理", "民主管理談"]),
            ("闵", ["閔珠"]),
        ]:
            answer = client.get("/zh-hant/search/suggest", {"q": typed})
            assert [one["text"] for one in answer.json()["suggestions"]] == texts
        assert answer.json()["suggestions"][0]["url"] == "/zh-hant/authors/min-zhu/"
        assert (
            client.get("/zh-hans/search/suggest?q=min").json()["suggestions"][0]["text"]
            == "民主管理"
        )

    def test_names_come_before_aliases_which_are_shown(self, client, make_article):
        make_article(
            tags=["工作創新", "自身建設", "能力建設", "學習型工會"],
            authors=["吳名", "劉明", "安平", "安然"],
        )
        for name, alias in (("吴名", "刘大"), ("安平", "安定"), ("吴名", "安分")):
            AuthorAlias.objects.create(author=Author.objects.get(name=name), name=alias)
        for typed, texts in [
            ("工會", ["學習型工會", "工作創新（工會工作創新）", "能力建設（工會幹部能力）"]),
            ("劉", ["劉明", "吳名（劉大）"]),
            ("安", ["安平", "安然"]),  # two authors at most, none of them twice
        ]:
            answer = client.get("/zh-hant/search/suggest", {"q": typed}).json()["suggestions"]
            found = [one for one in answer if one["kind"] != "title"]
            shown = [one["text"] + (one["alias"] and f"（{one['alias']}）") for one in found]
            assert shown == texts

    @pytest.mark.parametrize("typed", ["%", "_", "a%", "\\", "'", "民%", '"<'])
    def test_signs_are_no_wildcards(self, client, make_article, typed):
        make_article("民主管理談", tags=["民主管理"], authors=["閔珠"])
        answer = client.get("/zh-hant/search/suggest", {"q": typed})
        assert [one["kind"] for one in answer.json()["suggestions"]] in ([], ["title"])

    def test_tags_without_a_public_article_are_not_suggested(self, make_article):
        make_article(status="draft", tags=["提案"], authors=["隱名氏"])
        assert suggest("提案", "zh-Hant") == suggest("隱", "zh-Hant") == []

    def test_titles_that_nobody_sees_take_no_room(self, make_article):
        for number in range(MOST + 2):
            make_article(f"合同第{number}條", status="draft")
            ended = timezone.now() - timedelta(days=1)
            make_article(f"合同第{number}款", expires_at=ended)
        make_article("合同到期之後")
        make_article("合同簽訂之前")
        assert [one.text for one in suggest("合同", "zh-Hant")] == ["合同到期之後", "合同簽訂之前"]


class TestLog:
    def test_searches_are_counted_by_day(self, client, make_article):
        make_article("票決")
        for query in ("票決", "票决", " 票决 ", "火星"):
            client.get("/zh-hant/search/", {"q": query})
        assert set(SearchLog.objects.values_list("query", "hits", "times")) == {
            ("票决", 1, 3),
            ("火星", 0, 1),
        }

    def test_counts_of_long_ago_are_forgotten(self, client, make_article):
        today = timezone.localdate()
        for days in (399, 401):
            SearchLog.objects.create(day=today - timedelta(days=days), query=f"{days}", hits=0)
        client.get("/zh-hant/search/?q=職工")
        assert set(SearchLog.objects.values_list("query", flat=True)) == {"399", "职工"}

    def test_filters_and_further_pages_are_no_new_search(self, client, make_article):
        make_article(stated_date=date(2012, 1, 1))
        client.get("/zh-hant/search/?q=職工&year=2012")
        assert not SearchLog.objects.exists()


ODD = [
    *("x" * 10_000, "工会" * 5_000, "工 " * 5_000, "，。！？；：", "\x00\x01\x1f", "   ", "%_\\"),
    *("'; DROP TABLE articles_article; --", 'NEAR("a" "b", 2)', "title : 工会", "{title body} : a"),
    *("AND OR NOT", "a* ^b", "工会 -", "工会 --a -−b", "工会 -“” -作者:無 -tag:维权 -!", '"""', "“”", '"', "-工会", "(((", "工会 & | ! :*", "😀👨‍👩‍👧", "שלום עולם"),
    *("\u202e工会\u202c", "e\u0301\u0301\u0301", "㎡ﬁ", "tag:", "tag:x year:99999999999999999999"),
    *("𠀀𠀁", "\ud7ff\uffff", "a" * 60 + " " + "b" * 30, "' OR 1=1", "\\", "\\'", "壹" * 90),
]  # fmt: skip


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_no_query_is_an_error(client, make_article, query):
    make_article("工會", body="<p>𠀀𠀁 שלום a b 😀 title</p>", tags=["維權"])
    for path in ("search/", "search/suggest"):
        assert client.get(f"/zh-hant/{path}", {"q": query}).status_code == 200


def test_what_takes_too_long_says_what_to_do(client, make_article, monkeypatch):
    def slow(*args, **kwargs):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("articles.reading.views.search_page.find", slow)
    response = client.get("/zh-hant/search/", {"q": "工會"})
    assert response.status_code == 503
    content = response.content.decode()
    assert "也可以少用幾個詞" in content
    assert '<a class="button" href="/zh-hant/search/?q=%E5%B7%A5%E6%9C%83">再試一次</a>' in content


def test_the_database_gives_up_in_time(monkeypatch, db):
    from django.db import connection

    from articles.search import engine as engine_module

    monkeypatch.setattr(engine_module, "TIME_LIMIT", 0.05)
    slow = (
        "SELECT pg_sleep(5)"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e9) "
        "SELECT count(*) FROM n"
    )
    with pytest.raises(OperationalError), time_limit(), connection.cursor() as cursor:
        cursor.execute(slow)


def test_a_renamed_tag_is_found_by_its_new_name(client, make_article):
    make_article("甲", tags=["維權"])
    tag = Tag.objects.named("维权")
    tag.name, tag.name_hant = "护权", "護權"
    tag.save()
    assert titles(client, "护权") == ["甲"]


def test_titles_are_found_within_a_filter_too(make_article):
    from articles.search.engine import engine
    from articles.search.query import parse
    from articles.search.words import current_words

    found = make_article("談票決", tags=["維權"])
    make_article("再談票決")
    query = parse("票決 tag:維權", current_words())
    matches = engine().newest(query, 10, in_titles=True)
    assert [match.article_id for match in matches] == [found.pk]


@pytest.mark.parametrize(
    ("alternatives", "text", "found"),
    [
        ([("工", "会"), ("公", "会")], "公会与工会", ["公会", "工会"]),
        ([("工", "会法"), ("工", "会")], "工会法和工会", ["工会法", "工会"]),  # the longer first
        ([("工", "会"), ("工", "会法")], "工会法", ["工会"]),
        ([("g工", "[o会]"), ("一壹", "")], "go 壹 工会", ["go", "壹", "工会"]),
        ([("]", "x"), ("^", "")], "]x^", ["]x", "^"]),
        ([], "工会", []),
    ],
)
def test_the_first_alternative_that_fits_is_found(alternatives, text, found):
    assert re.findall(first_of(alternatives), text) == found


@pytest.mark.parametrize("page", ["articles/", "search/?q=危險", ""])
def test_what_a_title_has_of_markup_is_text(client, make_article, page):
    Tag(name_hant="<u>維權</u>").save()
    make_article(
        '<b>危險</b> & "引"', summary="<i>危險</i>", tags=["<u>維權</u>"], authors=["<s>甲</s>"]
    )
    content = client.get(f"/zh-hant/{page}").content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    assert "危險" in re.sub("</?mark>", "", main)
    for tag in ("<b>危", "<b><mark>", "<i>", "<u>", "<s>"):
        assert tag not in main
    assert "&amp; &quot;引&quot;" in main


@pytest.mark.parametrize(
    ("page", "typed", "quoted"),
    [("zh-hans", "標籤:縣委", "“县委”"), ("zh-hant", "标签:县委", "「縣委」")],
)
def test_what_was_typed_is_quoted_in_the_readers_script(client, make_article, page, typed, quoted):
    make_article()
    assert quoted in client.get(f"/{page}/search/", {"q": typed}).content.decode()


def test_the_desk_finds_an_article_by_its_number_or_address(make_article):
    wanted, other = make_article("一"), make_article("二")
    typed = [f"{wanted.pk}", f"#{wanted.pk}", f"https://library.test{wanted.url_in('zh-Hant')}"]
    typed.append(f"https://library.test/admin/articles/article/{wanted.pk}/change/")
    for one in typed:
        found = matching(Article.objects.filter(pk__in=[wanted.pk, other.pk]), one)[0]
        assert [article.pk for article in found] == [wanted.pk], one


def test_what_is_said_under_a_heading_comes_before_what_is_said_in_passing(make_article):
    passing = (
        "<p>这一年车间里的人说了许多话，也提到加班费，没有细说。</p>" + "<p>别的事另说。</p>" * 40
    )
    make_article("一年的事", body=passing)
    told = "<h2>加班费怎样算</h2><p>先看工资条。</p><p>再看考勤。</p>" + "<p>别的事另说。</p>" * 40
    wanted = make_article("十个问题", body=told)
    make_article("又一年的事", body=passing)
    assert find("加班费怎样算").article_ids[0] == wanted.pk


def test_a_tag_is_called_by_words_of_its_own(make_article):
    make_article("第一篇", tags=["民主管理"], body="<p>正文。</p>")
    assert find("主管").total == 0
    assert find("管理").total == 1
