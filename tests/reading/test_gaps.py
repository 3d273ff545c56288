"""Readers are told where text is lost, in either script and in what they take away."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.curation import publishing
from articles.importing.edits import Flag
from articles.importing.pipeline import make_draft
from articles.intake import decisions, library
from articles.models import Article, Source
from articles.text.script import fold

pytestmark = pytest.mark.django_db

TOLD = {"zh-hant": "原文此處有缺損。", "zh-hans": "原文此处有缺损。"}
both_scripts = pytest.mark.parametrize("script", TOLD)


def live(passage: str, text: str, *, title="書屋開門") -> Article:
    """Return an article that was published over the flag on a passage of it."""
    whole = f"{title}\n作者：劉明\n\n{text}\n"
    draft = make_draft(whole.encode(), "書屋.txt")
    at = draft.source_text.index(passage)
    draft.flags = [Flag("lost-text", at, at + len(passage), "缺字", blocking=True)]
    article = library.store(draft, "/書屋.txt", "書屋.txt").article
    over = [flag["seen"] for flag in publishing.blocking_flags([article.pk])[article.pk]]
    publishing.move(Article.objects.all(), "published", None, over=over)
    return Article.objects.get()


def page(client, article, script="zh-hant") -> str:
    address = article.url_in({"zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}[script])
    return client.get(address).content.decode()


def marks(content: str) -> list[str]:
    return re.findall(
        r'<span class="gap lost"[^>]*>(.*?)(?:<span class="unseen">|</span>)', content
    )


@both_scripts
@pytest.mark.parametrize(
    ("passage", "text", "hans"),
    [
        ("??h", "書屋開在車間旁邊，去年??h工會又添了新書，大家都說好。", "??h"),
        ("?qū)?", "書屋開在車間旁邊，真的?qū)?會又添了新書，誰說不好?", "?qū)？"),
        ("縣裡&亂", "書屋開在車間旁邊，去年縣裡&亂<工會又添了新書，大家都說好。", "县里&amp;乱"),
        ("h會", "書屋開在車間旁邊，h會買書，h會說書，去年??h會又添了新書。", None),
        ("說書。\n書", "書屋開在車間旁邊，晚上有人說書。\n書是去年添的，大家都說好。", None),
    ],
)
def test_the_passage_is_marked_where_it_stands(client, script, passage, text, hans):
    content = page(client, live(passage, text), script)
    body = content[content.index('class="body"') :]
    found = marks(body)
    assert found
    assert f'title="{TOLD[script]}"' in body
    assert body.count(f'<span class="unseen">〔{TOLD[script]}〕</span>') == 1
    if hans:
        assert list(map(fold, found)) == [hans]
        assert ("縣" in found[0]) is ("县" in hans and script == "zh-hant")
    assert "波浪" in content


@both_scripts
@pytest.mark.parametrize("sign", ["□□", "\ufffd", "\ufffd\ufffd"])
def test_signs_for_lost_text_are_marked_too(client, make_article, script, sign):
    article = make_article(
        body=f'<p>書屋添了{sign}新書。</p><p><a href="https://e.org/□□">址</a></p>'
    )
    assert marks(page(client, article, script)) == [sign]


@pytest.mark.parametrize("text", ["□是 □否", "年級 □□ 號", "真的嗎?? 誰知道!?", "2□□3"])
def test_what_is_no_loss_is_not_marked(client, make_article, text):
    content = page(client, make_article(body=f"<p>{text}</p>"))
    assert not marks(content)
    assert "波浪" not in content


def test_a_passage_that_may_stand_in_two_places_is_not_guessed(client):
    article = live("??h", "書屋開在車間旁邊，去年??h工會又添了新書，大家都說好。")
    Article.objects.get().renditions.update(body="<p>甲??h乙</p><p>丙??h丁</p>")
    assert not marks(page(client, article))


def test_what_was_settled_or_put_right_is_not_marked(client):
    article = live("??h", "書屋開在車間旁邊，去年??h工會又添了新書，大家都說好。")
    token = decisions.token(Source.objects.get().flags[0])
    decision = decisions.settle(article, token, None)
    assert not marks(page(client, article))
    decisions.take_back(article, decision.pk, None, [f"{article.pk}/{token}"])
    assert marks(page(client, article)) == ["??h"]
    decisions.accept(article, token, "□□", None)
    assert marks(page(client, article)) == ["□□"]


def test_the_text_that_is_kept_has_no_marks(client):
    article = live("??h", "書屋開在車間旁邊，去年??h工會又添了新書，大家都說好。")
    page(client, article)
    assert "gap" not in article.renditions.get(script="zh-Hant").body


@both_scripts
def test_what_is_taken_away_tells_of_it(client, script):
    article = live("??h", "書屋開在車間旁邊，去年??h工會又添了新書，大家都說好。")
    address = f"/{script}/articles/{article.pk}-{article.slug}/download.md"
    text = client.get(address).content.decode()
    assert f"??h〔{TOLD[script]}〕" in text.replace("\\", "")


def test_the_lead_is_marked_as_the_text_is(client):
    article = live("??h", "書屋開在車間旁邊，去年??h工會又添了新書，大家都說好。")
    lead = "去年??h工會又添了新書"
    article.renditions.update(summary=lead)
    content = page(client, article)
    summary = content[content.index('class="summary"') :].partition("</p>")[0]
    assert marks(summary) == ["??h"]


def test_only_a_page_with_a_gap_reads_the_flags(client, django_assert_num_queries):
    article = live("??h", "書屋開在車間旁邊，去年??h工會又添了新書，大家都說好。")
    with CaptureQueriesContext(connection) as torn:
        page(client, article)
    decisions.settle(article, decisions.token(Source.objects.get().flags[0]), None)
    with django_assert_num_queries(len(torn) - 1):
        page(client, article)
