"""Pinyin: which letters it has, and the readings of each character."""

from functools import cache

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜḿńňǹế"
LETTERS = "a-zɡüê" + TONED


@cache
def readings() -> dict[str, frozenset[str]]:
    """Return the readings of each character, with tone marks, from pypinyin's table."""
    from pypinyin.pinyin_dict import pinyin_dict

    return {chr(code): frozenset(value.split(",")) for code, value in pinyin_dict.items()}


def is_reading(character: str, pinyin: str) -> bool:
    """Tell whether `pinyin` is a reading of `character`; the script ɡ counts as g."""
    return pinyin.replace("ɡ", "g") in readings().get(character, ())
