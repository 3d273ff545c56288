"""Where texts are cut, and that the same places have the same anchors in both scripts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.curation.revisions import recorded
from articles.models import Revision
from articles.text import html
from training.cutting import LEAST, MOST, cut
from training.editions import NotPublished, current_edition
from training.models import Edition

from ..support.federation import text

UNSEEN = re.compile(r"[\s\u3000\0]")


def seen(markup: str) -> str:
    return UNSEEN.sub("", html.masked(markup))


piece = st.text("工會走訪職工，。；！？「」a 1　", max_size=120)
block = st.builds(
    "<{0}>{1}<strong>{2}</strong>{3}</{0}>".format, st.sampled_from(["p", "h2", "li"]), *[piece] * 3
)


@given(st.lists(block, max_size=8).map("\n".join))
def test_passages_hold_all_of_a_text_once_and_none_is_too_long(markup):
    found = cut(markup)
    assert "".join(one.text for one in found) == seen(markup)
    assert all(0 < len(one.text) <= MOST for one in found)
    assert [one.start for one in found] == sorted({one.start for one in found})


def test_one_long_paragraph_is_cut_within_and_headings_stay_with_what_follows():
    sentence = "工會幹部到車間走訪，先聽職工說，再把要辦的事記下來。"
    markup = f"<h2>一、走訪</h2><p>{sentence * 190}</p><h2>二、回訪</h2><p>{sentence * 4}</p>"
    found = cut(markup)
    lengths = [len(one.text) for one in found]
    assert len(found) > 25 and min(lengths) >= LEAST and max(lengths) <= MOST
    assert found[0].text.startswith("一、走訪工會")
    assert found[-1].text.startswith("二、回訪工會")


@pytest.mark.django_db
def test_both_scripts_have_the_same_anchors(make_article):
    body = f"<p>于志遠說：「后來<em>工會</em>發言。」{'講話很長，也要分段。' * 40}</p>{text(2)}"
    edition = current_edition(make_article(body=body).pk)
    anchors = [re.findall(r'id="(p\d+)"', one) for one in (edition.body, edition.body_hant)]
    assert anchors[0] == anchors[1] == [f"p{one.number}" for one in edition.cut]
    assert "发言" in edition.body and "發言" in edition.body_hant
    assert seen(re.sub("<span[^>]*></span>", "", edition.body_hant)) == seen(body)
    assert edition.chars == len(seen(body))


@pytest.mark.django_db
def test_a_text_has_one_edition_for_each_thing_it_says(make_article):
    article = make_article(body=text(3))
    first = current_edition(article.pk)
    assert current_edition(article.pk) == first
    with recorded([article.pk], None, Revision.Kind.SAVED):
        article.genre = "speech"
        article.save()
    assert current_edition(article.pk) == first  # what it says is the same
    with recorded([article.pk], None, Revision.Kind.SAVED):
        article.body = text(3, changed=frozenset({1}))
        article.save()
    second = current_edition(article.pk)
    assert (second.revision.number, Edition.objects.count()) == (3, 2)
    same = [one.hash for one in first.cut if one.hash in {other.hash for other in second.cut}]
    assert len(same) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "archived"}])
def test_what_readers_do_not_see_has_no_edition(make_article, fields):
    with pytest.raises(NotPublished):
        current_edition(make_article(**fields).pk)
