"""One file's bytes in, one Draft out. Open this first.

bytes → readers → repairs → metadata → structure → tags → Draft
"""

import hashlib
import re
from collections.abc import Collection

from ..text import script
from ..text.fingerprints import fingerprints
from .draft import LONGEST, Block, Draft
from .edits import Edit, Flag, Record
from .fields.metadata import Metadata, extract
from .fields.stated import day_of
from .fields.vocabulary import Vocabulary, default_vocabulary
from .readers import SourceText, UnreadableFile, read
from .repairs import REPAIRS, run
from .repairs.kept_lines import cut_kept
from .structure.blocks import Structure, carried

_TITLE_FROM_SUMMARY = 30
"""Characters at the most of a title proposed from the first clause of the summary."""

_EVERY_KIND = (
    "工会到職工之家\n作者：王小明\n联系人：涂晓燕\n"
    "他在工地實?qū)嵎⻊?wù)職工(gōng)。對于工會,誌願者要註重。\n"
    "摘要：見王文、李明华文\n中国工会网　李 明\n"
    "余生和于洋在桌上摆着杯茶，有只能说的，只借到一杯。(责任编辑：李明 校对：王芳)\n"
)
"""A text that asks for all the tables and patterns: in both scripts, with pinyin, out of step, a
name that no dictionary has, and an editor's line."""

_LONGEST_QUOTED = 40
"""Characters of what a file states that a flag's message repeats."""


def make_draft(
    raw: bytes,
    name: str,
    *,
    encoding: str | None = None,
    vocabulary: Vocabulary | None = None,
    kept_lines: Collection[str] = (),
) -> Draft:
    """Turn the bytes of the file `name` into a Draft; raises UnreadableFile with what to do.

    `kept_lines` are those that curators keep as sites' own, by their keys: they are cut.
    """
    source = read(raw, name, encoding)
    record = Record(source.text, edits=list(source.edits))
    run(record, REPAIRS)
    record.apply(cut_kept(record.text, kept_lines))
    return draft_of(record, source, raw=raw, vocabulary=vocabulary)


def load() -> None:
    """Read the tables texts are read by: processes forked behind that have them as well."""
    make_draft(_EVERY_KIND.encode(), "a.txt")
    script.every_pattern()


def draft_of(
    record: Record,
    source: SourceText,
    *,
    raw: bytes = b"",
    vocabulary: Vocabulary | None = None,
) -> Draft:
    """Read title, authors, outline and the rest from a repaired text and its marks.

    The text is the record's; the source gives its marks and hints. A curator's decision changes
    the record's edits, and the draft is made from them anew: body and record never tell two
    stories. Raises UnreadableFile where no essay is left.
    """
    if not _says_something(record.text):
        raise UnreadableFile("nothing-left")

    structure = Structure(record.text, carried(record, source.marks))
    found = extract(record.text, structure, source.hints, _dropped(record.edits))
    lines = record.text.split("\n")
    if found.title and not _says_something(found.title):  # a line of marks names nothing
        found.lines -= {n for n in found.lines if lines[n].strip() == found.title}
        found.title, found.title_source = "", "none"
    blocks = structure.blocks(found.lines, found.cuts)
    if not blocks:
        raise UnreadableFile("only-title")
    flags = [*record.flags, *source.flags, *_missing(found, blocks)]
    if not found.essay:
        message = "這不像一篇文章，像是目錄、連結或程式；沒有讀取題目、作者和日期。"
        flags.append(Flag("not-an-essay", 0, 0, message, blocking=True))
    if not source.certain:
        message = f"編碼推定為 {source.encoding}，並不確定；請對照原文，必要時指定編碼重新匯入。"
        flags.append(Flag("encoding-doubt", 0, 0, message, blocking=True))
    if not found.title:
        found.title, found.title_source = _proposed_title(found, blocks)
    if not found.title:
        raise UnreadableFile("only-labels")

    text = "\n".join(block.text for block in blocks)
    vocabulary = vocabulary or default_vocabulary()
    return Draft(
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
        encoding=source.encoding,
        source_text=source.text,
        clean_text=record.text,
        edits=record.edits,
        flags=sorted(flags, key=lambda flag: (flag.start, flag.end, flag.kind)),
        title=found.title[: LONGEST["title"]].rstrip(),
        title_source=found.title_source,
        authors=[name for name in found.authors if len(name) <= LONGEST["author"]],
        unit=found.unit[: LONGEST["unit"]],
        stated_date=found.stated.date if found.stated else None,
        stated_time=found.stated.time if found.stated else None,
        date_precision=found.stated.precision if found.stated else "",
        summary=found.summary,
        keywords=found.keywords,
        tags=vocabulary.match(found.title, found.keywords, found.summary, text),
        script=script.detect(record.text),
        source_name=found.source_name[: LONGEST["source_name"]],
        source_url=found.source_url if len(found.source_url) <= LONGEST["source_url"] else "",
        genre=found.genre,
        blocks=blocks,
        extracted=_extracted(lines, found),
        evidence=found.evidence,
        marks=source.marks,
        hints=source.hints,
        text_key=text_key(text),
        signature=fingerprints(text),
        pictures=source.pictures,
    )


def _dropped(edits: list[Edit]) -> list[str]:
    """Return the lines that were taken away as the site's, whole where annotations parted them."""
    taken: list[str] = []
    end = -1
    for edit in sorted(edits, key=lambda edit: edit.start):
        follows = edit.start == end
        if _is_dropped(edit):
            taken[-1:] = [taken[-1] + edit.before] if follows else [*taken[-1:], edit.before]
        elif not follows:
            continue
        end = edit.end
    return [line.strip() for text in taken for line in text.split("\n") if line.strip()]


def _is_dropped(edit: Edit) -> bool:
    return (
        not edit.after and edit.kind in ("boilerplate", "duplicate-body") and edit.before < "\uffff"
    )


def _extracted(lines: list[str], found: Metadata) -> list[str]:
    """Return what was read and left out of the body: whole lines, and ends cut off a line."""
    left = []
    for number, line in enumerate(lines):
        if number in found.lines:
            left.append(line)
        elif number in found.cuts:
            start, end = found.cuts[number]
            stripped = line.strip()
            left += [part for part in (stripped[:start], stripped[end:]) if part.strip()]
    return left


def text_key(text: str) -> str:
    """Return a key that twins share: the letters of the body alone, folded to simplified."""
    letters = re.sub(r"\W+", "", script.comparable(text))
    return hashlib.sha256(letters.encode()).hexdigest()


def _says_something(text: str) -> bool:
    """Tell whether there is a letter, a character or a digit in a text."""
    return bool(re.search(r"[^\W_]", text))


def _proposed_title(found: Metadata, blocks: list[Block]) -> tuple[str, str]:
    """Return a working title for the curator to correct, and where it was taken from."""
    opening = blocks[0].text if not (blocks[0].level or blocks[0].kind == "image") else ""
    texts = [(found.summary, "summary"), (opening, "opening")]
    texts += [(block.text, "heading") for block in blocks if block.level]
    texts += [(block.text, "opening") for block in blocks]
    for text, origin in texts:
        parts = [text] if origin == "heading" else re.split(r"[，。；：！？,;:!?\n\t]", text)
        for part in parts:
            if _says_something(part[:_TITLE_FROM_SUMMARY]):
                longest = None if origin == "heading" else _TITLE_FROM_SUMMARY
                return part[:longest].strip(), origin
    return "", "none"


def _missing(found: Metadata, blocks: list[Block]) -> list[Flag]:
    flags = []
    if not found.title:
        candidates = [*found.titles, _proposed_title(found, blocks)[0]]
        candidates += [block.text for block in blocks if block.level]
        message = "來源沒有標題；目前的標題是暫擬的，請改定。"
        unique = tuple(dict.fromkeys(filter(None, candidates)))[:5]
        flags.append(Flag("missing-title", 0, 0, message, unique, blocking=True))
    elif found.doubtful_title:
        message = "這一行可能是標題，也可能不是；請看過再定。"
        others = tuple(dict.fromkeys([found.title, *found.titles]))[:3]
        flags.append(Flag("doubtful-title", 0, 0, message, others, blocking=True))
    if not found.authors:
        message = "來源沒有寫明作者。"
        if found.perhaps_authors:
            message = "來源沒有寫明作者；文中有一行可能是署名，還留在正文裡。"
        flags.append(
            Flag("missing-author", 0, 0, message, tuple(dict.fromkeys(found.perhaps_authors))[:3])
        )
    elif found.doubtful_authors:
        message = "頁首有兩行都像署名；取了較像的一行，請看過再定。"
        taken = "、".join(found.authors)
        others = tuple(dict.fromkeys([taken, *found.perhaps_authors]))[:3]
        flags.append(Flag("doubtful-author", 0, 0, message, others))
    if not found.stated:
        message = "來源沒有寫明日期。"
        if found.impossible_date:
            stated = found.impossible_date[:_LONGEST_QUOTED]
            message = f"來源寫的日期是「{stated}」，這不是日期；知道正確的日期時請填上。"
        flags.append(Flag("missing-date", 0, 0, message, tuple(found.perhaps_dates)))
    elif found.upload_date:
        message = "這是網站的上傳日期，不是文章自己的日期；知道成文日期時請改正。"
        flags.append(Flag("upload-date", 0, 0, message, (day_of(found.stated),)))
    elif found.doubtful_date:
        message = "頁面寫了不只一個日期，一樣可信；取了第一個，請看過再定。"
        flags.append(Flag("doubtful-date", 0, 0, message, tuple(found.perhaps_dates)))
    return flags
