"""What the importer says of a flag, in the language of the desk.

An import keeps its words, in traditional Chinese, with the flag and in its report; the desk knows
each by its shape and says it in its own language. What is not known here (of an older import) is
shown as it was kept, in the script of the desk.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..text import script
from ..text.names import current_script

_WORDS: tuple[tuple[str, Promise], ...] = (
    (
        "這不像一篇文章，像是目錄、連結或程式；沒有讀取題目、作者和日期。",
        _(
            "This is hardly an essay, rather a menu, links or code; title, authors and "
            "date were not read."
        ),
    ),
    (
        "編碼推定為 {encoding}，並不確定；請對照原文，必要時指定編碼重新匯入。",
        _(
            "Read as %(encoding)s, which is not certain: compare with the source; if it is "
            "wrong, import again with an encoding."
        ),
    ),
    (
        "來源沒有標題；目前的標題是暫擬的，請改定。",
        _("The source has no title; the present one is provisional: give it one."),
    ),
    (
        "來源沒有寫明作者。",
        _("The source names no author."),
    ),
    (
        "來源沒有寫明日期。",
        _("The source states no date."),
    ),
    (
        "這一行可能是標題，也可能不是；請看過再定。",
        _("This line may be the title or not: look and decide."),
    ),
    (
        "來源沒有寫明作者；文中有一行可能是署名，還留在正文裡。",
        _("The source names no author; a line that may be a byline is left in the text."),
    ),
    (
        "頁首有兩行都像署名；取了較像的一行，請看過再定。",
        _("Two lines at the head look like bylines; the likelier was taken: look and decide."),
    ),
    (
        "來源寫的日期是「{stated}」，這不是日期；知道正確的日期時請填上。",
        _("The source gives “%(stated)s”, which is no date; fill in the right one if you know it."),
    ),
    (
        "這是網站的上傳日期，不是文章自己的日期；知道成文日期時請改正。",
        _(
            "This is the day a web site put the text up, not its own; put it right if you "
            "know when it was written."
        ),
    ),
    (
        "頁面寫了不只一個日期，一樣可信；取了第一個，請看過再定。",
        _(
            "The page states several dates, as good as each other; the first was taken: "
            "look and decide."
        ),
    ),
    (
        "原檔「{name}」欄的文字沒有收進文章；需要時請對照原檔補上。",
        _(
            "The text of the column “%(name)s” is not in the article; add it from the file "
            "if it is wanted."
        ),
    ),
    (
        "原檔劃掉的文字沒有匯入：「{text}」。",
        _("Text struck out in the file was left out: “%(text)s”."),
    ),
    (
        "檔頭的欄位（front matter）寫法有誤，能讀的都讀了，原樣留在紀錄裡；請對照題目、作者和"
        "日期。",
        _(
            "The front matter is not well formed; what could be read was, and all of it is "
            "on record: check title, authors and date."
        ),
    ),
    (
        "原檔有 {n} 張圖片沒有匯入：沒有隨檔、打不開、太大，或張數太多。",
        _(
            "%(n)s pictures of the file were left out: not with the file, damaged, too large, or "
            "too many."
        ),
    ),
    (
        "原檔有 {n} 張圖片沒有匯入：沒有隨檔，或是圖庫不收的格式。",
        _(
            "%(n)s pictures of the file were left out: not with the file, or of a kind that the "
            "library does not take."
        ),
    ),
    (
        "原檔有 {n} 張圖片沒有匯入：打不開、太大，或張數太多。",
        _("%(n)s pictures of the file were left out: damaged, too large, or too many."),
    ),
    (
        "原檔有 {n} 張圖片沒有匯入：圖庫還不能保存隨檔圖片。",
        _("%(n)s pictures of the file were left out: pictures in files cannot be kept yet."),
    ),
    (
        "原檔是直排，文字已按由右至左的直行讀出；請對照原檔查看次序。",
        _(
            "The file is set in columns from top to bottom, and was read from right to "
            "left: check the order with the file."
        ),
    ),
    (
        "第 {pages} 頁的文字次序不能確定，可能讀錯了行；請對照原檔。",
        _(
            "On page %(pages)s the order of the text is not certain, lines may be mixed "
            "up: compare with the file."
        ),
    ),
    (
        "頁碼前後不順，各頁的文字次序不能確定，可能讀錯了行；請對照原檔。",
        _(
            "The page numbers do not follow each other; the order of the text is not "
            "certain: compare with the file."
        ),
    ),
    (
        "第 {pages} 頁像是有表格，但格線不清，只能逐行讀出；請對照原檔。",
        _(
            "On page %(pages)s there seems to be a table without clear rules; it was read "
            "line by line: compare with the file."
        ),
    ),
    (
        "第 {pages} 頁只有圖像，沒有讀到文字；請對照原檔。",
        _("Page %(pages)s is a picture, no text was read from it: compare with the file."),
    ),
    (
        "沒有收入的浮水印：{text}。",
        _("Watermarks left out: %(text)s."),
    ),
    (
        "沒有收入的圖中文字：{text}。",
        _("Text of drawings left out: %(text)s."),
    ),
    (
        "這段文字在原檔是直排或側放的，現在排在正文之後；請對照原檔放回原處。",
        _(
            "This passage stands upright or turned in the file, and was put behind the "
            "text: put it back where it belongs."
        ),
    ),
    (
        "正文正好寫滿試算表的一格（32,767 字），後面的文字多半被截掉了；請對照原文。",
        _(
            "The text fills a cell of a spreadsheet (32,767 characters); what followed was "
            "probably cut off: compare with the source."
        ),
    ),
    (
        "原檔隱藏的文字沒有匯入：「{text}」。",
        _("Hidden text of the file was left out: “%(text)s”."),
    ),
    (
        "原檔修訂時刪除的文字沒有匯入：「{text}」。",
        _("Text deleted in a revision of the file was left out: “%(text)s”."),
    ),
    (
        "原檔注在字上的讀音沒有匯入：「{text}」。",
        _("Readings above characters were left out: “%(text)s”."),
    ),
    (
        "原檔的目錄沒有匯入：「{text}」。",
        _("The table of contents of the file was left out: “%(text)s”."),
    ),
    (
        "原檔的批註沒有匯入：「{text}」。",
        _("Comments in the file were left out: “%(text)s”."),
    ),
    (
        "公式的排版沒有保留，只留下一行文字，請對照原檔：「{text}」。",
        _("A formula became a line of text, compare with the file: “%(text)s”."),
    ),
    (
        "原檔有符號讀不出：「{text}」。",
        _("Signs of the file could not be read: “%(text)s”."),
    ),
    (
        "原檔有一個內嵌的物件讀不出（{text}），請對照原檔。",
        _("An object in the file could not be read (%(text)s): compare with the file."),
    ),
    (
        "原檔裡嵌入了另一份文件，那份的文字沒有讀出（{text}）；請打開原檔另存後重新匯入。",
        _(
            "The file holds another document, whose text was not read (%(text)s): open it, "
            "save it by itself and import that too."
        ),
    ),
    (
        "此處的位元組錯位，有字遺失而無法推定；請查原文補回。",
        _("Bytes are out of step here and characters are lost: look them up in the original."),
    ),
    (
        "此處的位元組錯位；列出可能的讀法，請對照上下文選定或查原文補回。",
        _(
            "Bytes are out of step here: choose among the readings by what stands round "
            "it, or look it up in the original."
        ),
    ),
    (
        "此處的字被遮去；列出的讀法見於本文他處或常見，請查原文確認。",
        _(
            "Characters are blotted out here; the readings stand elsewhere in the text or "
            "are common: check with the original."
        ),
    ),
    (
        "此處的字被星號或方框遮去，請查原文補回。",
        _("Characters are blotted out here by stars or boxes: look them up in the original."),
    ),
    (
        "此處是造字區的字，別的電腦上看不到；請查原文補上。",
        _(
            "A character of a private code stands here, which other computers cannot show: "
            "look it up in the original."
        ),
    ),
    (
        "這一段與前文相同或幾乎相同；請對照後決定留哪一份。",
        _(
            "This passage is the same as one before, or nearly so: compare and decide "
            "which one stays."
        ),
    ),
    (
        "這一頁的損壞多得無法修復；請找較好的版本重新匯入。",
        _("This page is damaged beyond repair: find a better copy and import that."),
    ),
    (
        "此行可能也是亂碼；請對照原文，或採用列出的讀法。",
        _("This line may be garbled too: compare with the source, or take a reading offered."),
    ),
    (
        "此處的文字在轉碼時毀損，無法還原；請查原文補回。",
        _("Text was lost here when its encoding was changed: look it up in the original."),
    ),
    (
        "這個「壹」可能是改寫工具換上的「一」；請決定。",
        _("This 壹 may be a 一 that a program replaced: decide."),
    ),
    (
        "段落很長，可在這裡分段。",
        _("The paragraph is long; a new one could begin here."),
    ),
    (
        "此處的拼音可能是網站工具加上的，也可能是作者的注音；請決定去留。",
        _("This pinyin may be a site's addition or the author's: decide whether it stays."),
    ),
    (
        "這個前引號沒有後引號。",
        _("This opening quotation mark is never closed."),
    ),
    (
        "這個後引號沒有前引號。",
        _("This closing quotation mark was never opened."),
    ),
    (
        "此處似乎缺了數字；請查原文補回。",
        _("A number seems to be missing here: look it up in the original."),
    ),
    (
        "這個詞可能是改寫工具換上的；請對照上下文決定。",
        _(
            "A program may have put this word in the place of another: decide by what "
            "stands round it."
        ),
    ),
    (
        "文中還有 HTML 標記，看來是作者談到的，照原樣保留；若是殘留，請刪去。",
        _(
            "HTML stands in the text, and seems to be what the author writes about; if it "
            "is a remnant, take it out."
        ),
    ),
    (
        "繁簡混用：有 {n} 處段落或引文是另一種字體，照原樣保留。",
        _("Both scripts are used: %(n)s passages or quotations are in the other one, and stay so."),
    ),
    (
        "此字可能應作「{text}」；若是姓名或本來如此，請保留。",
        _("This character should perhaps be %(text)s; where it is a name, or meant, leave it."),
    ),
    (
        "與第 {n} 篇〈{title}〉相似：全文相似度 {all}，較短的一篇有 {part} 見於另一篇。請比較"
        "兩篇，看是否重複。",
        _(
            "Like article %(n)s, “%(title)s”: %(all)s of both together is the same, "
            "%(part)s of the shorter stands in the other. Compare them."
        ),
    ),
)
"""The importer's words with their places, and what the desk says."""


def _shape(words: str) -> re.Pattern:
    """Return what matches a message made of these words and anything in their places."""
    parts = re.split(r"\{(\w+)\}", words)
    told = (f"(?P<{part}>.*)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return re.compile("".join(told), re.DOTALL)


_KNOWN = [(_shape(words), said) for words, said in _WORDS]


def finding_words(message: str) -> str:
    """Return what a flag says, in the language of the desk; passages stand in it as in the file."""
    for shape, said in _KNOWN:
        if found := shape.fullmatch(message):
            return str(said) % found.groupdict()
    return script.convert(message, current_script())
