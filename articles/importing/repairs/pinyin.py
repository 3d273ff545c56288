"""Pinyin that a site's conversion tool left behind characters: 工會(huì)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from ...text import script
from ..edits import Flag
from ..lexicon.readings import (
    LETTERS,
    SWALLOWED,
    is_reading,
    is_reading_but_tone,
    is_reading_of_word,
)
from .byteshift.gbk import codes, full, pairs
from .frame import Finding, Page, repair

_LETTER = f"{LETTERS}A-ZÜÊɑăĕĭŏŭĀÁǍÀĒÉĚÈĪÍǏÌŌÓǑÒŪÚǓÙǕǗǙǛ\u0300\u0301\u0302\u0304\u0306\u0308\u030c"
_SPACE = "[ \u00a0\u3000]?"
_HAN = "\u3400-\u9fff"
_OPEN, _CLOSE = r"[(（\[［【〔{｛<＜〈/]", r"[)）\]］】〕}｝>＞〉/]"
_ANNOTATION = re.compile(
    rf"([{_HAN}])((?P<apart>[ \u3000])?{_OPEN}{_SPACE}([{_LETTER}]{{1,10}}[1-5]?){_SPACE}{_CLOSE}"
    rf"(?:[(（]{_SPACE}\4{_SPACE}[)）])*(?(apart)[ \u3000]?))"
)
_ON_LATIN = re.compile(
    rf"(?<![A-Za-z])([A-Za-z])([(（]{_SPACE}([{_LETTER}]{{1,10}}){_SPACE}[)）])([A-Za-z]*)"
)
_WORD = re.compile("[A-Za-z]+")
_ON_WORD = re.compile(rf"([{_HAN}]{{2,6}})({_OPEN}([{_LETTER}'’ -]{{3,40}}){_CLOSE})")

# A page is noise where the tool's pattern shows: so many annotations, of which so many stand on
# characters that differ between the scripts, each annotated at so many of its places, and one of
# them at several. The real essays reach 77 and more, 100 % and 97 % and more; a lesson or a
# first-use gloss repeats none. An excerpt may be too short to repeat one: then it takes more.
_LEAST, _DIFFERING, _OF_PLACES, _REPEATED = 4, 0.9, 0.8, 3
_LEAST_UNREPEATED = 8
# Where it annotates at some places only, so many on everyday characters that differ: no author
# glosses those. From twice as many, a reading may have another tone than the table's.
_LEAST_SOMETIMES, _OF_PLACES_SOMETIMES, _MANY = 8, 1 / 3, 16
# Another tool glosses what it holds for hard, in either script, but at all its places: so many
# annotations on so many characters are no author's.
_LEAST_CHARACTERS = 5
_OWN = 2  # glosses of the author's that a short page may have beside the noise
_LEAST_FLAGGED = 2
_LEAST_WORDS = 6

_LESSON = re.compile(
    r"拼音|声调|多音|生字|注音|读音|发音|识字|汉字|读作|读准|两读|辨音|音节|语言课"
)
"""Words of a text on reading, in which glosses are the author's."""

_LABEL = re.compile(
    r"[【\[（(]?(?:发布|上传|更新)?(?:时间|日期)|[【\[（(]?(?:内容)?摘\s*要|[【\[（(]?(?:关键[词字]|主题词"
    r"|作者(?:单位)?|(?:文章)?来源|稿源|出处|标题|题目|导[语读]|提要|单位|(?:责任)?编辑|责编)"
)


class _Glosses:
    """The annotations of a page, and whose they are."""

    def __init__(self, text: str):
        bare = [(m, is_reading(m[1], m[4])) for m in _ANNOTATION.finditer(text)]
        self.places = Counter(text) if bare else Counter()
        many = sum(fits for _, fits in bare) >= _MANY
        self.differing = script.traditional_forms() | script.simplified_forms()
        plain = [m for m, fits in bare if not fits and _is_toneless(m)]
        toneless = sum(m[1] in self.differing for m in plain) >= _LEAST_SOMETIMES
        self.found = [
            m
            for m, fits in bare
            if fits or (many and is_reading_but_tone(m[1], m[4])) or (toneless and m in plain)
        ]
        counts = Counter(match[1] for match in self.found)
        spellings = defaultdict(set)
        for match in self.found:
            spellings[match[1]].add(match[4])
        self.tools = {
            char: count
            for char, count in counts.items()
            if char in self.differing
            and count >= _OF_PLACES * self.places[char]
            and len(spellings[char]) == 1  # the tool knows one reading of each
        }
        self.everyday = {
            char
            for char in counts
            if char in self.differing and _everyday(char) and (many or len(spellings[char]) == 1)
        }
        total, most = len(self.found), max(self.tools.values(), default=0)
        on_everyday = sum(counts[char] for char in self.everyday)
        self.lesson = total > 0 and bool(_LESSON.search(script.fold(text)))
        if self.lesson and on_everyday >= _MANY:  # a lesson names its characters one by one
            self.lesson = sum(_in_a_word(text, m) for m in self.found) < _OF_PLACES * total
        pure = _is_pure(total, sum(self.tools.values()))
        sometimes = _is_pure(total, on_everyday) and not self.lesson
        self.many = sometimes and on_everyday >= _LEAST_SOMETIMES
        always = {
            char
            for char, count in counts.items()
            if count >= _OF_PLACES * self.places[char] and len(spellings[char]) == 1
        }
        self.everywhere = (
            not self.lesson
            and total >= _MANY
            and max(counts.values()) >= _REPEATED
            and len(always) >= _LEAST_CHARACTERS
            and sum(counts[char] for char in always) >= _DIFFERING * total
        )
        self.noise = (
            self.many
            or self.everywhere
            or (
                pure
                and (
                    bool(SWALLOWED.search(text))  # the tool has been here, and left it out of step
                    or (total >= _LEAST and most >= _REPEATED)
                    or (total >= _LEAST_UNREPEATED and most > 1 and not self.lesson)
                )
            )
        )
        self.doubtful = (pure or sometimes) and total >= _LEAST_FLAGGED and not self.lesson
        # On a page of noise, what is annotated again and again is the tool's (著 in both scripts).
        repeated = {
            char
            for char, count in counts.items()
            if count >= _REPEATED and count == self.places[char] and len(spellings[char]) == 1
        }
        self.keys = set(self.tools) | repeated if self.noise else set()
        if self.everywhere:
            self.keys |= always
        if self.many:
            self.keys |= {
                char
                for char in self.everyday
                if counts[char] >= _OF_PLACES_SOMETIMES * self.places[char]
            }

    def is_tools(self, match: re.Match[str]) -> bool:
        """Tell whether the tool made this annotation; a rare character glossed once is not its."""
        return match[1] in self.keys and (self.places[match[1]] > 1 or _everyday(match[1]))

    def is_doubtful(self, match: re.Match[str]) -> bool:
        """Tell whether the tool may have made an annotation that stays."""
        like = match[1] in self.tools or match[1] in self.everyday
        return (like and (self.noise or self.doubtful)) or (
            self.many and match[1] in self.differing
        )


def _is_toneless(match: re.Match[str]) -> bool:
    """Tell whether pinyin without tones stands on an everyday character."""
    return (
        match[4].isascii()
        and len(match[4]) > 1
        and _everyday(match[1])
        and is_reading_but_tone(match[1], match[4])
    )


def _in_a_word(text: str, match: re.Match[str]) -> bool:
    """Tell whether a Chinese character stands before or behind an annotated one."""
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    return bool(re.search(f"[{_HAN}]", around))


def _is_pure(total: int, tools: int) -> bool:
    """Tell whether few enough of the annotations are not of the tool's kind."""
    others = total - tools
    return others <= max(_OWN, (1 - _DIFFERING) * total) and 2 * others <= tools


def _everyday(char: str) -> bool:
    """Tell whether a character is of GB 2312's first level: the 3,755 most used."""
    code = script.fold(char).encode("gb2312", errors="ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


@repair(
    seen="essay mirrors that convert simplified to traditional text byte by byte",
    before="工會(huì)要聯(lián)系職工,工會(huì )的關（guān）鍵在基層,工會(huì)，"
    "F(xiàn)acebook也是家。",
    after="工會要聯系職工,工會的關鍵在基層,工會，Facebook也是家。",
    untouched=(
        "漢字(hànzì)是語言課的詞。",
        "長(zhǎng)與短，調(diào)與整，為(wèi)了，轉(zhuǎn)彎，都要讀準。",
        "曹丕(cáo pī)與亳(bó)州。",
        "會(huì)、會(kuài)計、關(guān)係:會在這裡、關在那裡、會開過了,會員多,關門。",
        "對銀行(háng)、行(xíng)走、重(chóng)來的辨音,行有兩讀,重也有兩讀。",
        "贇(yūn)是他的名字，工會(labor union)是他的家。",
        "三角形的邊長(a)與高(h)，電壓(U)與電流(i)。",
        "Facebook(fēi)與Google。",
    ),
)
def drop_pinyin_annotations(page: Page) -> Iterator[Finding]:
    """Remove the pinyin behind a character where the whole page shows the tool's pattern.

    The tool annotates a character always or never, always with the same reading, and only those
    whose traditional form differs: 亳(bó) once on a page of 會(huì) is the author's own. Where a
    later hand took some out, many on everyday characters show the tool still. A few annotations
    that look like the tool's show no pattern yet: they stay, flagged.
    """
    glosses = _Glosses(page.text)
    labels = _on_labels(page) if glosses.found else set()
    for match in glosses.found:
        if match.start() in labels or glosses.is_tools(match):
            yield page.edit("pinyin-annotation", match.start(2), match.end(2), "")
        elif glosses.is_doubtful(match):
            yield Flag(
                "pinyin-doubt",
                match.start(),
                match.end(),
                "此處的拼音可能是網站工具加上的，也可能是作者的注音；請決定去留。",
                (match[1],),
            )
    if glosses.noise:
        yield from _on_latin(page)


def _on_labels(page: Page) -> set[int]:
    """Return the places of annotations inside a label: nobody glosses `關(guān)鍵詞:`."""
    places = set()
    for start, _, line in page.lines():
        head = re.split("[:：】\\]]", line[:40], maxsplit=1)[0]
        if len(head) < len(line) and (found := list(_ANNOTATION.finditer(head))):
            bare = script.fold(_ANNOTATION.sub(r"\1", head)).strip()
            if _LABEL.fullmatch(bare):
                places.update(start + match.start() for match in found)
    return places


def _on_latin(page: Page) -> Iterator[Finding]:
    """Remove an annotation that hit a half of a mark and a letter: `，F(xiàn)acebook`.

    The comma is A3 AC, and AC 46 is 現: so the tool saw it between the comma and the F. Inside a
    run out of step the letter is no letter (`溧l(xiāng)i`): only a real Latin word behind a mark
    or an everyday character counts, and only if the two bytes are a character of that reading.
    """
    words: Counter[str] = Counter()
    for match in _ON_LATIN.finditer(page.text):
        before = full(page.text[match.start() - 1 : match.start()])
        code = codes().get(before)
        if not code or not (before in "，。、；：？！“”‘’（）《》" or _everyday(before)):
            continue
        key = pairs().get((code[1], ord(match[1])), "")
        if not key or not is_reading(key, match[3]):
            continue
        word = match[1] + match[4]
        words = words or Counter(_WORD.findall(page.text))
        if len(word) >= 3 or (len(word) == 2 and words[word] > 1):  # a short one stands elsewhere
            yield page.edit("pinyin-annotation", match.start(2), match.end(2), "")


@repair(
    seen="rewriting tools that gloss whole words of simplified text",
    before="大桥(dàqiáo)局的工会(gōnghuì)。工会(gōnghuì)在大桥(dàqiáo)上，工会(gōnghuì)和职工(zhígōng)在。",
    after="大桥局的工会。工会在大桥上，工会和职工在。",
    untouched=(
        "漢字(hànzì)、拼音(pīnyīn)、工會(gōnghuì)、職工(zhígōng)、大橋(dàqiáo)、基層(jīcéng)。",
        "工会(gōnghuì)一次，大桥(dàqiáo)一次，工会再来。",
    ),
)
def drop_word_annotations(page: Page) -> Iterator[Finding]:
    """Remove the pinyin behind whole words where every place of the same words has it.

    An author glosses a word once, where he first uses it; a lesson says that it is one.
    """
    found = []
    for match in _ON_WORD.finditer(page.text):
        pinyin = re.sub("['’ -]", "", match[3])
        for size in range(2, len(match[1]) + 1):
            if is_reading_of_word(match[1][-size:], pinyin):
                found.append((match[1][-size:], match.start(2), match.end(2)))
                break
    counts = Counter(word for word, _, _ in found)
    if (
        len(found) < _LEAST_WORDS
        or max(counts.values()) < _REPEATED
        or _LESSON.search(script.fold(page.text))
    ):
        return
    always = {word for word, count in counts.items() if count >= _OF_PLACES * page.text.count(word)}
    if sum(counts[word] for word in always) >= _DIFFERING * len(found):
        for word, start, end in found:
            if word in always:
                yield page.edit("pinyin-annotation", start, end, "")


_SPOKEN = re.compile(
    rf"([{_HAN}])[(（]{_SPACE}(?:(?:拼音|读音|讀音|注音|音|读作|讀作|读|讀|念)\s*[:：]?{_SPACE}([{_LETTER}]{{1,10}}[1-5]?)"
    r"|[˙]?[\u3105-\u3129]{1,3}[ˊˇˋ˙]?)"
    rf"{_SPACE}[)）]"
)
"""A gloss that says that it is one, or in zhuyin: 會(音:huì), 會(ㄏㄨㄟˋ)."""


@repair(
    seen="pages of reading aids, copied with what stood above the characters",
    before="工會(音:huì)是職工的，賬要開(ㄎㄞ)會說。",
    after="工會(音:huì)是職工的，賬要開(ㄎㄞ)會說。",
    untouched=(
        "他姓逄（音páng），会(读kuài)计是他的本行。",
        "漢字的讀音：會(ㄏㄨㄟˋ)、關(ㄍㄨㄢ)、開(ㄎㄞ)，都要讀準。",
        "工会(音乐会)开了，账(读账的人)公开。",
    ),
)
def flag_spoken(page: Page) -> Iterator[Finding]:
    """Flag readings of everyday characters that say what they are, where several stand on a page.

    One is its author's, and so are those of a rare character and of a lesson.
    """
    found = [match for match in _SPOKEN.finditer(page.text) if _everyday(match[1])]
    if len(found) < _LEAST_FLAGGED or _LESSON.search(script.fold(_SPOKEN.sub("", page.text))):
        return
    for match in found:
        if not match[2] or is_reading_but_tone(match[1], match[2]):
            message = "此處的拼音可能是網站工具加上的，也可能是作者的注音；請決定去留。"
            yield Flag("pinyin-doubt", match.start(), match.end(), message, (match[1],))
