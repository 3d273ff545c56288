"""What stands between sentences, and what people are called, on the pages of the portal."""

import re

import pytest
from django.contrib.auth.models import User
from django.template import engines
from django.utils.translation import override

from ..support.places import ROOT

_IFS = r"(?:{% (?:if|endif)[^%]*%})*"
_ENDS = r"(?:{% endblocktranslate %}|{% translate \"[^\"]*\" %})"
_ENDS_WITH_A_MARK = r"[.:!?](?:{% endblocktranslate %}|\" %})"
SENTENCES = re.compile(
    rf"{_ENDS}{_IFS}\s+{_IFS}\s*{{% (?:block)?translate "
    rf"|{_ENDS_WITH_A_MARK}{_IFS} +{_IFS}(?:<q|<em|<b>|<strong>|<a href|\(|{{{{)"
)
"""A translated sentence, and a blank before what follows it: in Chinese it would stand there too."""

SIGNED_IN_AS = re.compile(r"_by\|default:|\bby\|default:|get_username }}")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_blank_stands_between_two_sentences_in_chinese(path):
    assert SENTENCES.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_people_are_called_by_their_names_at_the_desk(path):
    assert SIGNED_IN_AS.findall(path.read_text("utf-8")) == []


def test_sentences_names_and_colons_are_as_the_language_has_them():
    template = engines["django"].from_string(
        "{% load sentences %}甲{% gap %}乙{% colon %}{{ who|person }}{{ nobody|person }}"
    )
    who = User(username="w3", last_name="王", first_name="芳")
    for language, told in (("zh-hant", "甲乙：王芳–"), ("en", "甲 乙: 王芳–")):
        with override(language):
            assert template.render({"who": who, "nobody": None}) == told
