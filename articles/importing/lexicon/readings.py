"""Pinyin: which letters it has, and the readings of each character."""

import re
import unicodedata
from functools import lru_cache

from ...text.pinyin_table import readings

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜḿńňǹế"
LETTERS = "a-zɡüê" + TONED

# What stands for a letter of pinyin where a font or a keyboard had none: the script letters, v
# for ü, and the breve for the caron (ă is no letter of pinyin, ǎ is).
_STAND_INS = str.maketrans("ɡɑv\u0306", "gaü\u030c")

_PINYIN = rf"((?=[{LETTERS}]*[{TONED}])[{LETTERS}]{{1,7}}|men|me|ma)"  # 們, 麼 and 嗎 have no tone

SWALLOWED = re.compile(rf"[?？]{_PINYIN}[)）]")
GLOSS = re.compile(rf"[(（]{_PINYIN}[)）]")
"""Pinyin in brackets, and pinyin of which the lead byte before it swallowed the bracket."""


_TONE_MARKS = dict(zip("1234", "\u0304\u0301\u030c\u0300", strict=True))
_TONED_VOWEL = re.compile("^[^ae]*?[ae]|^[^ae]*o|^[^aeo]*[iuü]")
"""Up to and with the vowel that bears the tone."""


@lru_cache(1 << 12)
def normal_form(pinyin: str) -> str:
    """Return pinyin as the table writes it: composed, lower case, ü for v, g for ɡ, with marks."""
    if pinyin[-1:] in "12345" and pinyin:
        mark = _TONE_MARKS.get(pinyin[-1], "")
        bare = pinyin[:-1].lower().replace("v", "ü")
        return unicodedata.normalize("NFC", _TONED_VOWEL.sub(rf"\g<0>{mark}", bare, count=1))
    if pinyin.isascii() and pinyin.islower() and "v" not in pinyin:
        return pinyin
    apart = unicodedata.normalize("NFD", pinyin.lower()).translate(_STAND_INS)
    return unicodedata.normalize("NFC", apart)


def is_reading(character: str, pinyin: str) -> bool:
    """Tell whether `pinyin` is a reading of `character`, however its letters are written."""
    return normal_form(pinyin) in readings(character)


def is_reading_but_tone(character: str, pinyin: str) -> bool:
    """Tell whether `pinyin` is a reading of `character` but for its tone: 個(ge), 不(bú)."""
    return _toneless(pinyin) in map(_toneless, readings(character))


def _toneless(pinyin: str) -> str:
    apart = unicodedata.normalize("NFD", normal_form(pinyin))
    return "".join(letter for letter in apart if letter.isalpha() or letter == "\u0308")


def is_reading_of_word(word: str, pinyin: str) -> bool:
    """Tell whether `pinyin`, run together, reads the word: dàqiáo for 大桥."""
    rests = {normal_form(pinyin)}
    for char in word:
        rests = {
            rest[len(reading) :]
            for rest in rests
            for reading in readings(char)
            if rest.startswith(reading)
        }
    return "" in rests
