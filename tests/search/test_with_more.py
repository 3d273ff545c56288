"""Where few articles have all of several words, those come first and what has the rarest follows."""

import pytest

from articles.models import SearchLog
from articles.search.find import find

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(make_article):
    texts = {
        "all": make_article("去年的事", body="<p>食堂管理员查出尘肺病以后，通报写了三页。</p>"),
        "rare": make_article("尘肺病怎么查", body="<p>尘肺病的检查，通报里有。</p>"),
        "rare too": make_article("又一例尘肺病", body="<p>尘肺病，另见通报。</p>"),
    }
    for number in range(4):
        texts[number] = make_article(f"食堂的事{number}", body="<p>食堂又开门了。</p>")
    return texts


def test_the_rarest_words_are_kept_and_it_is_said(client, texts):
    results = find("食堂 尘肺病 通报")
    names = {one.pk: name for name, one in texts.items()}
    found = [names[pk] for pk in results.article_ids]
    assert found[0] == "all"
    assert set(found) == {"all", "rare", "rare too"}
    assert (results.whole, results.beyond, results.dropped) == (1, ("食堂",), ())
    assert {unit.text for unit in results.query.units} == {"食堂", "尘肺病", "通报"}
    page = client.get("/zh-hans/search/", {"q": "食堂 尘肺病 通报"}).content.decode()
    assert "有 1 篇同时有这些词，排在最前；其后的结果不含：食堂。" in page
    assert SearchLog.objects.get().hits == 1


def test_by_date_they_stand_where_their_dates_are(texts):
    results = find("食堂 尘肺病 通报", by_date=True)
    assert results.article_ids[-1] == texts["all"].pk
    assert results.whole == 1


@pytest.mark.parametrize(
    "typed",
    [
        "尘肺病 食堂",
        "“食堂管理员” 尘肺病 “三页”",
        "食堂管理员怎么查出尘肺病",
        "尘肺病 检查 通报 -食堂",
    ],
)
def test_two_words_and_phrases_and_what_is_left_out_mean_what_they_say(texts, typed):
    assert find(typed).beyond == ()
