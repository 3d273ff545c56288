"""What lists show of a text that has no summary: its first sentences."""

import re

EXCERPT_LENGTH = 110
"""Characters of the text shown in lists for an article without a summary."""


_LEAST = 40
"""Characters an excerpt has at least to end with a sentence."""

_ENDS = re.compile(r".*[。！？!?…][”’」』）)]*", re.S)
_LIST_SIGN = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、]\s*(?!\d)|[•·●▪■◆*-]\s*)"
)


def beginning(text: str) -> str:
    """Return what lists show of a text of paragraphs, a line for each: whole sentences, if any is
    short enough."""
    text = " ".join(_LIST_SIGN.sub("", line) for line in text.split("\n"))
    if len(text) <= EXCERPT_LENGTH:
        return text
    sentences = _ENDS.match(text[:EXCERPT_LENGTH])
    if sentences and sentences.end() >= _LEAST:
        return sentences[0]
    return f"{text[: EXCERPT_LENGTH - 1]}…"
