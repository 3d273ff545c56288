"""What a question asks about: 怎么写提案 is about 提案, and 怎么 is no word to look for."""

import re
from math import log
from pathlib import Path

from ..text.script.word_borders import frequency, tag
from .numbers import ways_to_write
from .words import HAN, Words

_COUNTED = "天|年|个月|个|月|小时|分钟|钱|元|次|岁|倍|种|条|点|级|人|名|度|周|步|项|份"

_ASKING = re.compile(
    rf"""请问|想问(?:一下|问)?|想知道|谁知道|有没有人知道
    |怎么办理|怎么办|咋办|怎么样|怎么|怎样|如何|咋样|咋
    |是?什么(?:意思|时候|地方|样的?|叫|是)?|为什么|为何|为啥|干什么|做什么|干嘛|啥(?:意思|时候)?
    |是否|能否|可否|可以不可以|有没有|(?P<a>[可应需])不(?P=a)[以该要]|(?P<b>[能要会是算该行用对好得])不(?P=b)
    |(?:还来得及|可以|行|好|对|成|合法|算数)吗|[吗嘛呢么](?=$|[？?\s，,])
    |多少(?:{_COUNTED})?|几(?:{_COUNTED})|多[久长大高]|多长时间
    |在?哪(?:[一几]?[些里儿个位家种样边件步项条份天年月类级方]|(?=$|\s))|在哪
    |是谁|找谁|问谁|谁(?=来|去|该|能|不|可以|应|管|出|$)|[？?]""",
    re.X,
)
"""What a question is asked with, longer forms first."""


def _read() -> list[frozenset[str]]:
    """Return the words of questions that say little, and the nouns that do in this library."""
    text = Path(__file__).with_name("question_words.txt").read_text("utf-8")
    parts = [part.splitlines() for part in text.split("%%\n")]
    return [
        frozenset(word for line in part if not line.startswith("#") for word in line.split())
        for part in parts
    ]


_LIGHT, EVERYWHERE = _read()

_KEY_FREQUENCY = 300
"""How common a word may be, of the 60 million jieba's dictionary was counted from, to be what a
question is about though it is no noun: 骚扰, 裁员."""

_COMMON = 15_000
"""How common a single character has to be to tell nothing of what is asked: 事, 钱; not 税."""

_LONGEST_NAME = 4
_EVERYDAY = 1000
"""How common a word has to be to be no part of a name: 证据 of 留证据."""

_RARE = 50
"""How common a word of light characters may be for the dictionary to have it by chance: 没签."""


_COMMONEST = 3_000_000
"""How common the commonest words of the language are: 的."""

_SAYS_LITTLE = 0.15
_NO_NOUN = 0.6


def is_key(word: str, words: Words) -> bool:
    """Tell whether a word is one that is never left out before others: a noun, a term of union
    work, a rare word."""
    if word in EVERYWHERE or (len(word) == 1 and HAN.match(word) and is_common(word)):
        return False
    if word in words.terms or word.isascii() or frequency(word) < _KEY_FREQUENCY:
        return True
    return tag(word).startswith(("n", "vn", "j"))


def tells(word: str, is_key: bool) -> float:
    """Return how much of a question a word tells, of 1: the rarer in the language the more. What
    the dictionary has not is as rare as a name."""
    if word in EVERYWHERE:
        return _SAYS_LITTLE
    common = log(max(_RARE, frequency(word) if word else 0) / _RARE) / log(_COMMONEST / _RARE)
    return max(_SAYS_LITTLE, (1 if is_key else _NO_NOUN) * (1 - common))


def asked_about(
    values: list[str], words: Words, *, is_told: bool = False
) -> tuple[list[str], bool]:
    """Return what a question is about, word by word, and whether it is one; else what was typed.
    A sentence may be taken for one that only tells: 班车开得太早洗不上澡."""
    parts = [part for value in values for part in _ASKING.sub(" ", value).split()]
    if parts == values and not (is_told and any(_is_sentence(part, words) for part in parts)):
        return values, False
    found = dict.fromkeys(piece for part in parts for piece in _pieces(part, words))
    return (list(found), True) if found else (values, False)


def without_asking(text: str) -> str:
    """Return a question without what it is asked with."""
    return _ASKING.sub(" ", text)


_SENTENCE, _ITS_WORDS = 5, 3


def _is_sentence(part: str, words: Words) -> bool:
    """Tell whether something run together is long enough to say more than a name."""
    is_long = len(part) >= _SENTENCE and bool(HAN.match(part))
    return is_long and len(words.cut(part)) >= _ITS_WORDS


def is_common(word: str) -> bool:
    """Tell whether a single character is too common to tell anything."""
    return frequency(word) > _COMMON


def is_light(word: str) -> bool:
    """Tell whether a word says little of what a question is about."""
    return word in _LIGHT or (_LIGHT.issuperset(word) and frequency(word) < _RARE)


def _pieces(part: str, words: Words) -> list[str]:
    """Return the words of a part of a question that are to be looked for; characters side by side
    that the dictionary does not know as a word stay together: they are a name, most often."""
    if ways_to_write(part):
        return [part]
    pieces, run, found = [], "", words.cut(part)
    falls_apart = len(found) > 1 and len(found[0]) == 1  # 工会账 is no name
    is_name = len(part) <= _LONGEST_NAME and HAN.match(part) and _LIGHT.isdisjoint(found)
    is_name = is_name and not any(len(word) > 1 and frequency(word) > _EVERYDAY for word in found)
    if falls_apart and is_name:
        return [part]
    for term in words.starts.get(part[:2], ()):  # 会费用到 is of 会费
        rest = part[len(term) :]
        if part.startswith(term) and _LIGHT.issuperset(rest) and words.terms.isdisjoint(found[1:]):
            return [term]
    for word in found:
        is_alone = len(word) == 1 and bool(HAN.match(word))
        if is_alone and word not in _LIGHT:
            run += word
            continue
        if run:
            pieces.append(run)
        run = ""
        if word in words.terms or not is_light(word):
            pieces.append(word)
    return [*pieces, run] if run else pieces
