"""第39条 and 第三十九条 find each other, however the number was typed; and what is no number is none."""

import pytest

from articles.search.find import find
from articles.search.numbers import ways_to_write, with_numbers_apart
from articles.search.snippets import Marker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("第39条", "第三十九条"),
        ("第三十九条", "第39条"),
        ("第10条", "第十条"),
        ("第12章", "第十二章"),
        ("第113条", "第一百一十三条"),
        ("第103条", "第一百零三条"),
        ("第276条之一", "第二百七十六条之一"),
        ("39条", "第三十九条"),
        ("2018年", "二〇一八年"),
        ("二〇一八年", "2018年"),
        ("二零零七年", "2007年"),
    ],
)
def test_a_number_is_looked_for_as_texts_write_it(typed, also):
    ways = ways_to_write(typed)
    assert ways[0] == typed
    assert also in ways


@pytest.mark.parametrize("typed", ["三条", "一条街", "第0条", "第一次", "2018", "12年", "条"])
def test_what_is_no_number_of_a_law_or_year_is_left_alone(typed):
    assert ways_to_write(typed) == ()
    assert with_numbers_apart(typed) == [typed]


def test_a_number_stands_apart_from_the_name_of_its_law():
    assert with_numbers_apart("劳动合同法第39条第二项") == ["劳动合同法", "第39条", "第二项"]
    assert with_numbers_apart("工会法39条") == ["工会法", "39条"]
    assert with_numbers_apart("做好三条") == ["做好三条"]


@pytest.fixture
def texts(make_article):
    return {
        "read": make_article(
            "读的写法", body="<p>按《劳动合同法》第三十九条办，一百一十三名职工在场。</p>"
        ),
        "digits": make_article("数字的写法", body="<p>依照劳动合同法第39条，可以解除。</p>"),
        "long": make_article(
            "长的", body="<p>企业破产法第一百一十三条写明先后，劳动合同法也提到。</p>"
        ),
        "other": make_article(
            "别的", body="<p>劳动合同法第四十条，39人参加，第139条不相干，条件不同。</p>"
        ),
        "year": make_article("年份", body="<p>二〇一八年修正，又在2007年公布。</p>"),
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("劳动合同法第三十九条", {"read", "digits"}),
        ("劳动合同法第39条", {"read", "digits"}),
        ("勞動合同法39條", {"read", "digits"}),
        ("第三十九条", {"read", "digits"}),
        ("第113条", {"long"}),
        ("2018年", {"year"}),
        ("二零零七年", {"year"}),
        ("第41条", set()),
    ],
)
def test_texts_are_found_by_a_number_in_either_form(texts, typed, found):
    results = find(typed)
    names = {one.pk: name for name, one in texts.items()}
    assert {names[pk] for pk in results.article_ids} == found


def test_a_number_is_marked_as_the_text_has_it(texts):
    marker = Marker(find("第39条").query)
    assert marker.mark("见第三十九条和第39条") == "见<mark>第三十九条</mark>和<mark>第39条</mark>"


def test_a_question_about_an_article_of_a_law_is_answered_by_who_quotes_it(texts):
    ids = find("劳动合同法第39条是怎么规定的").article_ids
    assert set(ids[:2]) == {texts["read"].pk, texts["digits"].pk}
