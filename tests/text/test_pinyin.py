"""Pinyin is pypinyin's, without the package."""

import gzip
import random

from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from articles.text.pinyin_table import DATA_FILE, readings, without_tones

from ..support.pinyin_table import table
from ..support.places import ESSAYS


def test_the_table_is_the_packages():
    assert gzip.decompress(DATA_FILE.read_bytes()).decode() == table()


def test_characters_have_their_readings():
    assert readings("长") == {"cháng", "zhǎng"}
    assert readings("，") == readings("\U0003ffff") == frozenset()


def test_words_are_read_as_words():
    assert without_tones("长江长大") == ["chang", "jiang", "zhang", "da"]
    assert without_tones("女工 ABC，") == ["nv", "gong", " ABC，"]
    assert without_tones("") == []


def test_a_text_is_read_as_the_package_reads_it():
    rng = random.Random(5)
    words, odd = (
        list(phrases_dict),
        "，ab 1\n〇\uf91f\ufa18\U00031350\U0003134a\U0003134b\U00023456",
    )
    made = (
        "".join(
            rng.choice([rng.choice(words), rng.choice(words)[:1], rng.choice(odd)])
            for _ in range(rng.randint(1, 8))
        )
        for _ in range(2000)
    )
    lines = [line for path in ESSAYS.iterdir() for line in path.read_text("utf-8").split("\n")]
    for text in (*made, *lines):
        assert without_tones(text) == lazy_pinyin(text)
