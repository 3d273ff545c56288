"""Terms to tags."""

import json

import pytest

from articles.importing.fields.vocabulary import DATA_FILE, Vocabulary, default_vocabulary

VOCABULARY = Vocabulary.of([("职代会", ["职工代表大会"]), ("提案", ["职代会提案"]), ("维权", [])])


def test_a_keyword_in_either_script_gives_its_tag():
    assert VOCABULARY.match("", ["職工代表大會"], "", "") == ["职代会"]


def test_the_longest_term_counts_alone():
    assert VOCABULARY.match("", [], "", "職代會提案" * 4) == ["提案"]


def test_one_mention_in_the_body_is_not_enough():
    assert VOCABULARY.match("", [], "", "维权一次") == []
    assert VOCABULARY.match("谈维权", [], "", "") == ["维权"]


def test_no_name_or_alias_of_the_starter_vocabulary_stands_twice():
    groups = json.loads(DATA_FILE.read_text("utf-8"))
    tags = [tag for group in groups for tag in group["tags"]]
    names = [name for tag in tags for name in (tag["hans"], *tag["aliases"])]
    assert len(names) == len(set(names)) == len(default_vocabulary().terms)
    assert len({tag["slug"] for tag in tags}) == len(tags)


@pytest.mark.parametrize("term", ["厂务公开", "無記名投票", "送温暖", "勞動合同法"])
def test_the_starter_vocabulary_knows_the_usual_terms(term):
    assert default_vocabulary().match("", [term], "", "")
