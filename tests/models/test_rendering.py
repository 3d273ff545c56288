"""Renditions: what a text looks like in each script, and what curators put right there."""

import pytest
from django.core.management import call_command

from articles.curation.bulk.changing import _set_source
from articles.models import Collection, CollectionItem, Rendition, RenditionCorrection

pytestmark = pytest.mark.django_db

FIELDS = ("title", "summary", "excerpt", "body", "source_name")


def shown(article, script: str) -> dict:
    return Rendition.objects.filter(article=article, script=script).values(*FIELDS, "outline")[0]


class TestMarks:
    @pytest.mark.parametrize(
        ("script", "written"),
        [("zh-Hans", "“会‘员’”"), ("zh-Hant", "「會『員』」"), ("zh-Hant", "“會‘員’”")],
    )
    def test_each_script_has_its_own_everywhere(self, make_article, script, written):
        article = make_article(
            written, summary=written, body=f"<h2>{written}</h2><p>{written}</p>",
            source_name=written, original_script=script,
        )  # fmt: skip
        for in_script, right in (("zh-Hans", "“会‘员’”"), ("zh-Hant", "「會『員』」")):
            row = shown(article, in_script)
            assert [row[name] for name in FIELDS if name != "body"] == [right] * 4
            assert row["body"] == f'<h2 id="s1">{right}</h2><p>{right}</p>'
            assert row["outline"][0]["title"] == right
        assert article.title == written

    def test_an_excerpt_is_cut_with_the_marks_it_had_whole(self, make_article):
        body = f"<p>他說<br>“一句{'很長的' * 50}話<br>到此”</p>"
        article = make_article(body=body, original_script="zh-Hant")
        assert "「一句" in shown(article, "zh-Hant")["excerpt"]
        assert "“一句" in shown(article, "zh-Hans")["excerpt"]

    def test_a_collection_has_them_in_both_its_texts(self, make_article):
        made = Collection(
            name="“会”", summary_hant="說“會”", introduction_hant="<p>“會&amp;員”</p>"
        )
        made.save()
        item = CollectionItem(collection=made, article=make_article(), note="“会”")
        item.save()
        made.refresh_from_db()
        assert (made.name, made.name_hant) == ("“会”", "「會」")
        assert (made.summary, made.summary_hant) == ("说“会”", "說「會」")
        assert made.introduction_hant == "<p>「會&amp;員」</p>"
        assert made.introduction == "<p>“会&amp;员”</p>"
        assert (item.note, item.note_hant) == ("“会”", "「會」")
        for name in ("“会”", "“會”", "「會」", "「会」"):
            assert Collection.objects.named(name).get() == made

    def test_a_source_given_to_many_has_them_and_what_is_put_right(self, make_article):
        article = make_article(original_script="zh-Hant")
        RenditionCorrection.objects.create(script="zh-Hans", phrase="员”报", right="元”报")
        _set_source([article.pk], "“會員”報")
        sources = {
            script: shown(article, script)["source_name"] for script in ("zh-Hans", "zh-Hant")
        }
        assert sources == {"zh-Hans": "“会元”报", "zh-Hant": "「會員」報"}

    def test_old_libraries_get_them_and_lose_them_by_the_setting(self, make_article, settings):
        settings.QUOTES_FOLLOW_SCRIPT = False
        article = make_article("“會”", body="<p>“會”</p>", original_script="zh-Hant")
        collection = Collection(name_hant="“會”")
        collection.save()
        assert shown(article, "zh-Hant")["title"] == collection.name_hant == "“會”"
        settings.QUOTES_FOLLOW_SCRIPT = True
        call_command("rebuild_renditions", verbosity=0)
        collection.refresh_from_db()
        row = shown(article, "zh-Hant")
        assert (row["title"], row["body"], collection.name_hant) == (
            "「會」",
            "<p>「會」</p>",
            "「會」",
        )
        assert (shown(article, "zh-Hans")["title"], collection.name) == ("“会”", "“会”")
        settings.QUOTES_FOLLOW_SCRIPT = False
        call_command("rebuild_renditions", verbosity=0)
        assert shown(article, "zh-Hant")["title"] == "“會”"
