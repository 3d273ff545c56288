"""The body's HTML subset."""

import pytest

from articles.text import html, script


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>好<script>alert(1)</script></p>", "<p>好</p>"),
        ('<p onclick="x()" style="color:red" class="a">好</p>', "<p>好</p>"),
        ('<a href="javascript:alert(1)">好</a>', '<a rel="noopener nofollow">好</a>'),
        ('<img src="data:text/html,x" onerror="x()" alt="圖">', '<img alt="圖">'),
        ("<h1>大</h1><h2>中</h2>", "大<h2>中</h2>"),
        ("<iframe src=//evil></iframe><svg onload=x>", ""),
        ("<p>a < b & c</p>", "<p>a &lt; b &amp; c</p>"),
        ('<table><tr><td colspan="2">好</td></tr></table>', '<td colspan="2">好</td>'),
        (
            '<figure class="x"><img src="/a"><figcaption><p>甲</p><p>乙<br></p></figcaption></figure>',
            '<figure><img src="/a"><figcaption>甲 乙<br></figcaption></figure>',
        ),
        ('<figure><img src="/a"><figcaption> </figcaption></figure>', '<img src="/a">'),
        ("<figure><p>好</p><figcaption>甲</figcaption></figure>", "<p>好</p><p>甲</p>"),
    ],
)
def test_only_the_subset_is_left(given, kept):
    assert kept in html.sanitise(given)
    assert "alert" not in html.sanitise(given)
    assert "onerror" not in html.sanitise(given)
    assert html.sanitise(html.sanitise(given)) == html.sanitise(given)


def test_a_caption_is_text_of_its_own_and_no_beginning():
    body = '<figure><img src="/a"><figcaption>會場</figcaption></figure><p>開會了。</p>'
    assert html.plain_text(body) == "會場\n開會了。"
    assert html.paragraphs(body) == "開會了。"
    assert html.blocks(body) == [body.removesuffix("<p>開會了。</p>"), "<p>開會了。</p>"]
    assert html.signed_text(body).split("\n")[0] != html.signed_text("<p>會場</p>")


def test_conversion_changes_text_and_nothing_else():
    markup = (
        '<h2>工会</h2><p>看<a href="https://例子.cn/工会?a=1&amp;b=2" title="职工">职工</a>'
        '<img src="/图/会.png" alt="会">与<em>干</em>部&nbsp;&lt;会&gt;</p>'
    )
    made = html.map_text(markup, lambda text: script.convert(text, script.HANT, script.HANS))
    assert made == (
        '<h2>工會</h2><p>看<a href="https://例子.cn/工会?a=1&amp;b=2" title="职工">職工</a>'
        '<img src="/图/会.png" alt="会">與<em>幹</em>部&nbsp;&lt;會&gt;</p>'
    )


def test_a_change_of_length_falls_back_to_pieces():
    assert html.map_text("<p>a<em>b</em></p>", lambda text: text + text) == "<p>aa<em>bb</em></p>"


def test_headings_get_anchors_and_an_outline():
    made = html.with_outline("<h2>一、<em>走</em>訪</h2><p>文</p><h3>甲 &amp; 乙</h3>")
    assert made.markup == '<h2 id="s1">一、<em>走</em>訪</h2><p>文</p><h3 id="s2">甲 &amp; 乙</h3>'
    assert made.outline == [
        {"id": "s1", "level": 2, "title": "一、走訪"},
        {"id": "s2", "level": 3, "title": "甲 & 乙"},
    ]


def test_plain_text_has_a_line_for_each_block():
    assert html.plain_text("<h2>題</h2><p>甲<em>乙</em></p><ul><li>丙 &amp; 丁</li></ul>") == (
        "題\n甲乙\n丙 & 丁"
    )
