"""Text that was decoded as another encoding than its own: 鍔冲姩 or åŠ³åŠ¨ for 劳动.

Wrong decoding is a bijection as long as nothing was dropped: encoding with the wrong encoding
and decoding with the right one gives the text back. Each line is tried by itself, for a mirror
often spoils a title or some paragraphs only, and inside a line each run that may be spoiled.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from ...text import script
from ..edits import Flag
from ..lexicon.language import LanguageModel
from ..lexicon.model_tokens import HAN
from ..readers.encoding import everyday_characters
from .frame import Finding, Page, repair

# Mean ln P a character [measured on the starter essays and on their mojibake, all pairs below]:
# prose and titles lie above -8, what a wrong decoding makes of them below -10.5.
_SENSE, _BETTER = -8.5, 3.0
_SENSE_OF_SHORT = -7.0
"""The same for a line of two or three characters on a page that shows no other mojibake."""

_OUT_OF_STEP = -10.0
"""Score of a stretch between two losses below which it is lost as well."""

_SENSE_OF_NAME = -13.0
"""The same for a name on a page full of mojibake, where nothing but mojibake has its form."""

_SHORT = 3
_NONSENSE = -20.0
"""What stands for the score of a text without Chinese characters."""

_ENOUGH = 5000
"""Lines in vain after which a page is taken to have no mojibake: the search must end."""

_SAMPLE = 80
"""Characters of a run that are scored; they tell enough and bound the time."""

_SOUND = 0.35
"""Share of everyday characters that makes a line genuine: 60-75 % in prose, under 10 % in
mojibake; titles and lists of names lie between and are scored."""

_LOST = 1 / 3
"""Largest share of characters that may be lost in a line that is still worth reading."""


def _single_bytes() -> dict[int, int]:
    """Return which byte each character is in windows-1252, or in Latin-1 where that has none."""
    table = {}
    for byte in range(0x80, 0xA0):
        try:
            table[ord(bytes([byte]).decode("cp1252"))] = byte
        except UnicodeDecodeError:
            continue
    return table


_SINGLE = _single_bytes()
_HIGH = "\x80-\xff" + "".join(map(chr, _SINGLE))
_TRAIL = "\x80-\xbf" + "".join(map(chr, _SINGLE))
# A run of UTF-8 read byte for byte. One character is enough: â€œ or å­— is written by nobody.
_BYTES_RUN = re.compile(rf"(?:[\xe2-\xef][{_TRAIL}][{_TRAIL}]|Â[\xa0·])+")
_PAIRS_RUN = re.compile(rf"[{_HIGH}]{{4,}}")
_NOT_BYTES = re.compile(rf"[^\x00-\x7f{_HIGH}]")
_EAST_ASIAN = re.compile("[\u2e80-\u2fdf\u3040-\ud7ff\ue000-\ufaff\U00020000-\U0003ffff]")
_AT_LETTER = re.compile(f"(?<=[A-Za-z])[{HAN}]|[{HAN}](?=[A-Za-z])")
_UTF8_RUN = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf]{2}){2,}(?:[\xe2-\xef][\x80-\xbf]?\xff)?")
_CONVERTED = re.compile(rf"[{HAN}\u2010-\u2027\u3000-\u303f\uff00-\uffef\xa0·]+")

_UNREADABLE = re.compile("(?:锟斤拷)+锟?|(?:ï¿½)+|烫{3,}|屯{4,}|燙{3,}")
_SPOKEN_OF = re.compile("乱码|亂碼|编码|編碼")


@cache
def _model() -> LanguageModel:
    return LanguageModel()


def _is_sound(line: str) -> bool:
    """Tell whether a line is genuine beyond doubt, or holds nothing that could be mojibake."""
    if line.isascii():
        return True
    letters = sum(
        len(run)
        for run in re.findall(r"[^\x00-\x7f\u2010-\u203f\u3000-\u303f\uff00-\uffef]+", line)
    )
    return sum(map(everyday_characters().__contains__, line)) >= _SOUND * letters


def _sense(text: str) -> float:
    """Return how likely the Chinese characters of a text are: the mean ln P of each."""
    folded = script.fold("\n".join(re.findall(f"[{HAN}]+", text[: 4 * _SAMPLE])))[:_SAMPLE]
    before2 = before = "#"
    total = count = 0
    for char in folded:
        if char == "\n":
            char = "#"
        else:
            total += _model().log_probability(before2, before, char)
            count += 1
        before2, before = before, char
    return total / count if count else _NONSENSE


@dataclass(frozen=True, slots=True)
class _Misreading:
    """A text in the encoding `right` that was decoded as `wrong`."""

    wrong: str
    right: str

    def undo(self, text: str) -> str | None:
        """Return the text as it was, U+FFFD for each lost stretch; None where it cannot be this."""
        raw = _encode(text, self.wrong)
        if raw is None:
            return None
        if self.right == "utf-8" or b"\xff" not in raw:
            found = raw.decode(self.right, errors="replace")
        elif raw.count(b"\xff") * 4 > len(raw):
            return None  # too much is lost: a third of the characters
        else:
            found = "\ufffd".join(self._pieces(raw.split(b"\xff")))
        found = re.sub("\ufffd+", "\ufffd", found)
        return found if found != text else None

    def proves(self, text: str) -> bool:
        """Tell whether chance makes no such text: valid UTF-8, or nothing but accents and signs."""
        return self.right == "utf-8" or not _NOT_BYTES.search(text)

    def _pieces(self, pieces: list[bytes]) -> Iterator[str]:
        """Decode what stands between lost bytes: each may begin with the other half of the loss.

        What makes no sense either way came out of step: it is lost too.
        """
        for number, piece in enumerate(pieces):
            starts = (piece, piece[1:]) if number else (piece,)
            readings = [raw.decode(self.right, errors="replace") for raw in starts]
            readings = [_NEVER_IN_TEXT.sub("\ufffd", reading) for reading in readings]
            worth = [_sense(reading) - 2 * reading.count("\ufffd") for reading in readings]
            reading = readings[worth.index(max(worth))]
            chinese = re.search(f"[{HAN}]", reading)
            yield "" if chinese and max(worth) < _OUT_OF_STEP else reading


_NEVER_IN_TEXT = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
_BYTEWISE = "windows-1252"
_WINDOWS_GBK = "cp936"  # has the euro sign at 80

_UTF8_AS_GBK = _Misreading("gb18030", "utf-8")
_UTF8_AS_BYTES = _Misreading(_BYTEWISE, "utf-8")
_MISREADINGS = (
    _UTF8_AS_GBK,
    _Misreading(_WINDOWS_GBK, "utf-8"),
    _UTF8_AS_BYTES,
    _Misreading(_BYTEWISE, "gb18030"),
    _Misreading(_BYTEWISE, "big5hkscs"),
    _Misreading("gb18030", "big5hkscs"),
    _Misreading("big5hkscs", "gb18030"),
    _Misreading("big5hkscs", "utf-8"),
)


def _encode(text: str, encoding: str) -> bytes | None:
    """Return the bytes that were decoded; FF, valid in no encoding here, for each lost one."""
    try:
        if encoding == _BYTEWISE:
            return text.translate(_SINGLE | {0xFFFD: 0xFF}).encode("latin-1")
        if encoding == _WINDOWS_GBK:
            pieces = (_encode(piece, "gb18030") for piece in text.split("€"))
            return b"\x80".join(pieces) if "€" in text else None
        return b"\xff".join(piece.encode(encoding) for piece in text.split("\ufffd"))
    except (UnicodeEncodeError, TypeError):
        return None


def _reread(text: str, usual: frozenset[_Misreading]) -> tuple[str, _Misreading] | None:
    """Return what a line was before it was misread, and how; None where it is genuine.

    `usual` are the misreadings that the page shows elsewhere: they decide about short lines.
    """
    best: tuple[float, str, _Misreading] | None = None
    worth = _sense(text)
    bytewise = not _NOT_BYTES.search(text)
    if not bytewise and not _EAST_ASIAN.search(text):
        return None  # toned pinyin, Vietnamese, Russian: an encoding of two bytes makes other signs
    for misreading in _MISREADINGS:
        found = misreading.undo(text) if (misreading.wrong == _BYTEWISE) == bytewise else None
        if (
            found is None
            or _NEVER_IN_TEXT.search(found)
            or found.count("\ufffd") > _LOST * len(found)
            or (misreading.right != "utf-8" and _is_torn(found))
        ):
            continue
        sense = _sense(found)
        least = _least(found, misreading in usual)
        if misreading in usual and "\ufffd" not in found and misreading.proves(text):
            least = _SENSE_OF_NAME
        if sense >= max(least, worth + _BETTER) and (best is None or sense > best[0]):
            best = sense, found, misreading
    return best and (best[1], best[2])


def _is_torn(found: str) -> bool:
    """Tell whether most Chinese characters stand against Latin letters: N走 hu足 out of Nǐ huì."""
    return 2 * len(_AT_LETTER.findall(found)) > len(re.findall(f"[{HAN}]", found))


def _least(found: str, usual: bool) -> float:
    """Return the score a reading must reach; one character alone proves nothing."""
    chinese = sum(map(len, re.findall(f"[{HAN}]+", found)))
    if usual or chinese > _SHORT:
        return _SENSE
    return _SENSE_OF_SHORT if chinese > 1 else 0.0


def _restored(line: str, usual: frozenset[_Misreading]) -> tuple[str, _Misreading] | None:
    """Undo the misreadings of a line, also where it was misread twice."""
    found = _reread(line, usual)
    for outer in () if found else (_UTF8_AS_BYTES, _UTF8_AS_GBK):
        between = outer.undo(line)
        if between and "\ufffd" not in between:
            found = found or _reread(between, usual)
    return found


def _perhaps(line: str, usual: frozenset[_Misreading]) -> tuple[str, ...]:
    """Return what a line may have been that makes no sense as it is, on a page of mojibake."""
    worth = _sense(line)
    readings = [misreading.undo(line) for misreading in usual] if worth < -10.0 else []
    return tuple(
        reading
        for reading in readings
        if reading and not _NEVER_IN_TEXT.search(reading) and _sense(reading) > worth + 1
    )


def _runs(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, text) for the runs of a line that were misread."""
    done = 0
    for match in _BYTES_RUN.finditer(line):
        found = _UTF8_AS_BYTES.undo(match[0])
        if found and _CONVERTED.fullmatch(found):
            yield match.start(), match.end(), found
            done = match.end()
    for match in _PAIRS_RUN.finditer(line, done):
        found = _reread(match[0], frozenset())
        if found:
            yield match.start(), match.end(), found[0]
            done = match.end()
    raw = _encode(line[done:], "gb18030") if not line.isascii() else None
    matches = list(_UTF8_RUN.finditer(raw)) if raw else []
    if matches:
        places = {
            at: place
            for place, at in enumerate(
                accumulate(
                    (len(c.encode("gb18030")) if c != "\ufffd" else 1 for c in line[done:]),
                    initial=0,
                ),
                done,
            )
        }
        for match in matches:
            starts = [at for at in range(match.start(), match.end(), 3) if at in places]
            end = match.end()
            while starts and end > starts[0] and end not in places:
                end -= 3
            if not starts or end <= starts[0]:
                continue
            start, stop = places[starts[0]], places[end]
            found = raw[starts[0] : end].decode("utf-8", errors="replace")
            sense = _sense(found)
            if sense >= max(_least(found, False), _sense(line[start:stop]) + _BETTER):
                yield start, stop, re.sub("\ufffd+", "\ufffd", found)


@repair(
    seen="mirrors that take every page for GBK, or for Latin-1; titles passed on in an address",
    before="宸ヤ細宸ヤ綔鎬荤粨\n工会干部的èƒ½åŠ›å»ºè®¾â€œå››ç§\x8dâ€\x9d。\n¹¤»áÒªÁªÏµÖ°¹¤",
    after="工会工作总结\n工会干部的能力建设“四种”。\n工会要联系职工",
    untouched=(
        "café、naïve、Ünlü、São Paulo、Ação、Ärger，都是外文。",
        "Les salariés français ont été entendus à Bogotá; señor Muñoz était là.",
        "裴頠、嵇康、犇羴鱻、尕藏、瞿秋白、澹臺滅明、褚遂良。",
        "網頁常見的亂碼是「鍔冲姩」與「锟斤拷」。",
        "ａｂｃ，①②③，℃、㎡、€100、£5、©。",
        "カタカナとひらがなの文です。",
        "烫手的山芋，烫。",
    ),
)
def undo_mojibake(page: Page) -> Iterator[Finding]:
    """Give back what was decoded as another encoding; flag what nothing can give back."""
    lines = [
        (start, line)
        for start, _, line in page.lines()
        if not line.isascii() and not _SPOKEN_OF.search(line)
    ]
    doubtful = [(start, line) for start, line in lines if not _is_sound(line)]
    found: dict[int, tuple[str, _Misreading] | None] = {}
    successes = 0
    for number, (start, line) in enumerate(doubtful):
        if successes or number < _ENOUGH:
            found[start] = _restored(line, frozenset())
            successes += found[start] is not None
    shown = Counter(entry[1] for entry in found.values() if entry)
    usual = frozenset(shown)
    for start, line in lines:
        whole = found.get(start)
        if whole is None and start in found and usual:
            whole = _restored(line, usual)
        if whole:
            yield _trimmed(page, start, start + len(line), whole[0])
            continue
        if start in found and (candidates := _perhaps(line, usual)):
            message = "此行可能也是亂碼；請對照原文，或採用列出的讀法。"
            yield Flag("lost-text", start, start + len(line), message, candidates, blocking=True)
            continue
        edited = []
        for first, last, text in _runs(line):
            yield page.edit("mojibake", start + first, start + last, text)
            edited.append((first, last))
        for match in _UNREADABLE.finditer(line):
            if not any(first < match.end() and match.start() < last for first, last in edited):
                message = "此處的文字在轉碼時毀損，無法還原；請查原文補回。"
                place = start + match.start(), start + match.end()
                yield Flag("lost-text", *place, message, blocking=True)


def _trimmed(page: Page, start: int, end: int, after: str) -> Finding:
    """Return the edit without what its two sides have in common: numbers, Latin at the rims."""
    before = page.text[start:end]
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    return page.edit("mojibake", start + head, end - tail, after[head : len(after) - tail])


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
