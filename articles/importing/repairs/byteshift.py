"""GBK bytes cut out of step: 打實服務 became 打?qū)嵎⻊?wù)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ... import script
from ..edits import Flag
from ..gbk import codes, damage, half, pairs
from ..language import LanguageModel
from ..readings import LETTERS, is_reading
from ..realignment import GLOSS, SETTLED, SWALLOWED, Reading, Realigner
from .frame import Finding, Page, repair

_HAN = r"\u2e80-\u9fff"
_SUSPECT = re.compile(
    SWALLOWED.pattern  # `?qū)`: a lead byte swallowed the bracket of an annotation
    + rf"|[?？](?=[(（][{LETTERS}]{{1,7}}[)）])"  # `?(gè)`: the character is gone, its pinyin not
    # `年??h`, `實?;鶎`: the second byte of a mark went to the next character
    + rf"|(?<=[{_HAN}])[?？][?？;；](?=[{_HAN}a-zA-Z^_`{{|}}~])"
    + "|\ufffd+"  # the decoder gave up
)
# On a page with annotations every such pair of marks: an author's own `?!` is rare beside them.
_SUSPECT_ON_NOISE = re.compile(
    _SUSPECT.pattern + rf"|(?<=[{_HAN}\d”’])[?？](?=[?？!！;；,，][^\s])"
)
_BEFORE = 6
"""Sound characters read before a suspect, for context."""

_MOST_SITES, _LONGEST_RUN = 20, 60
"""Sites searched on one page, and characters of a run: a page with more is beyond repair, and the
search must end (a site takes 10 to 500 ms)."""

_CANDIDATES = 3
_MARKS = str.maketrans(",;:?!()", "，；：？！（）")


@repair(
    seen="pages whose annotations were put in between the two bytes of characters",
    before="實打?qū)嵎⻊?wù)職工。",
    after="實打?qū)嵎⻊?wù)職工。",
    untouched=("真的嗎?? 誰知道!?", "年??", "是不是?(是)", "難道?我不信。"),
)
def flag_bytes_out_of_step(page: Page) -> Iterator[Finding]:
    """Flag stretches out of step, with the likeliest readings; the text stays as it is.

    A reading is proposed only if damaging it again gives back the page character for character.
    None is taken by itself: benchmarks/byteshift.py tells how often the first is the right one.
    """
    keys = _annotated(page)
    suspects = list((_SUSPECT_ON_NOISE if keys else _SUSPECT).finditer(page.text))
    if not suspects:
        return
    sound = _sound(page.text, suspects)
    realigner = Realigner(
        LanguageModel(sound), script.detect(sound) == script.HANT, frozenset(dict(keys))
    )
    done = 0
    for number, suspect in enumerate(suspects):
        if suspect.start() < done:
            continue
        last = _last_of_cluster(suspects, number)
        if number >= _MOST_SITES or last - suspect.start() > _LONGEST_RUN:
            yield _unreadable(page, suspect)
            continue
        line_start = page.text.rfind("\n", 0, suspect.start()) + 1
        start = max(line_start, suspect.start() - _BEFORE, done)
        stop, found = realigner.read(page.text, start, last)
        damaged = page.text[start:stop]
        found = [reading for reading in found if reading.text != damaged]
        found = [reading for reading in found if _gives(reading.text, damaged, keys)]
        done = stop if found else suspect.end()
        if found:
            yield _flag(page, start, stop, suspect, found[:_CANDIDATES])
        else:
            yield _unreadable(page, suspect)


def _sound(text: str, suspects: list[re.Match[str]]) -> str:
    """Return the text without the suspects and what stands next to them."""
    parts, position = [], 0
    for suspect in suspects:
        parts.append(text[position : max(position, suspect.start() - 1)])
        position = suspect.end() + SETTLED
    return "\n".join([*parts, text[position:]])


def _last_of_cluster(suspects: list[re.Match[str]], number: int) -> int:
    """Return the end of the last suspect that stands so close that one run may span all."""
    end = suspects[number].end()
    for suspect in suspects[number + 1 :]:
        if suspect.start() - end > SETTLED:
            break
        end = suspect.end()
    return end


def _annotated(page: Page) -> list[tuple[str, str]]:
    """Return the characters the tool annotated on this page, with their pinyin."""
    keys = {}
    for edit in page.edits:
        if edit.kind == "pinyin-annotation" and edit.start:
            keys[page.source[edit.start - 1]] = edit.before.strip("()（） ")
    return list(keys.items())


def _gives(reading: str, damaged: str, keys: list[tuple[str, str]]) -> bool:
    """Tell whether the tool makes `damaged` of the reading (annotations apart)."""
    straddling = {
        char: match[1]
        for match in SWALLOWED.finditer(damaged)
        for char in _straddling(reading, match[1])
    }
    others = [key for key in keys if key[0] not in straddling]
    wanted = _bare(half(damaged))
    # Marks were full-width when the tool saw them; what stands behind takes the end's stray byte.
    reading = reading.translate(_MARKS) + "一一"
    orders = ([*straddling.items(), *others], [*others, *straddling.items()])
    return any(
        _bare(damage(reading, order, dangling)).startswith(wanted)
        for order in orders
        for dangling in ("?", "")
    )


def _straddling(reading: str, pinyin: str) -> list[str]:
    """Return the characters with this pinyin whose bytes stand in the reading."""
    raw = [byte for char in reading if char in codes() for byte in codes()[char]]
    found = (pairs().get(pair) for pair in pairwise(raw))
    return list(dict.fromkeys(char for char in found if char and is_reading(char, pinyin)))


def _bare(text: str) -> str:
    """Return the text without annotations behind their characters."""
    return re.sub(
        rf"([\u3400-\u9fff])(?:{GLOSS.pattern})",
        lambda match: match[1] if is_reading(match[1], match[2]) else match[0],
        text,
    )


def _unreadable(page: Page, suspect: re.Match[str]) -> Flag:
    """Return the flag on a site no reading fits; what follows it is mostly out of step too."""
    behind = re.compile(r"[?!;]?[^，。、,.\n]{0,8}").match(page.text, suspect.end())
    return Flag(
        "lost-text",
        suspect.start(),
        behind.end() if behind else suspect.end(),
        "此處的位元組錯位，有字遺失而無法推定；請查原文補回。",
        blocking=True,
    )


def _flag(page: Page, start: int, stop: int, suspect: re.Match[str], found: list[Reading]) -> Flag:
    """Return the flag on the part of [start, stop) in which the readings differ from the page."""
    damaged = page.text[start:stop]
    head = min(_common(damaged, reading.text) for reading in found)
    head = min(head, suspect.start() - start)
    tail = min(_common(damaged[head:][::-1], reading.text[head:][::-1]) for reading in found)
    tail = min(tail, stop - suspect.end())
    return Flag(
        "lost-text",
        start + head,
        stop - tail,
        "此處的位元組錯位；列出可能的讀法，請對照上下文選定或查原文補回。",
        tuple(reading.text[head : len(reading.text) - tail] for reading in found),
        blocking=True,
    )


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))
