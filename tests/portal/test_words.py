"""The words of the interface: each script in its readers' own, one word for one thing, none left
untranslated, and no Chinese in a template but what the translations put there."""

import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import override

from articles.admin.finding_words import _WORDS, finding_words
from articles.admin.preview import WIDTHS
from articles.importing.pipeline import make_draft
from training.models import Member

from ..support.damage import SCRAPES
from ..support.places import FILES, ROOT, SEEDS

CATALOGS = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
TAIWAN_ONLY = [
    "汇入",
    "汇出",
    "搜寻",
    "连结",
    "帐号",
    "档案",
    "视窗",
    "储存",
    "位元组",
    "批次",
    "预设值",
    "程式",
    "资料库",
    "软体",
    "网路",
    "萤幕",
    "列印",
    "登出",
    "登入",
    "字元",
    "核准",
    "封存",
    "伺服器",
    "资讯",
    "讯息",
    "回收桶",
    "资源回收筒",
    "物件",
    "游标",
    "选单",
    "滑鼠",
    "鏈結",
    "文书",
    "行事历",
    "读者报告",
    "严重提示",
    "舍弃",
    "字级",
    "背景执行",
    "下架",
    "系统管理者",
    "稽核",
    "试算表",
    "副档名",
    "剪贴簿",
    "无法撤销",
]
"""Words of Taiwan that no reader on the Mainland would use, and words the glossary has put aside."""
MAINLAND_ONLY = [
    "導入",
    "導出",
    "鏈接",
    "鏈結",
    "賬號",
    "搜索",
    "保存",
    "窗口",
    "服務器",
    "默認",
    "軟件",
    "網絡",
    "屏幕",
    "打印",
    "字節",
    "登錄",
    "字符",
    "信息",
    "數據庫",
    "鼠標",
    "後台",
    "批量",
    "用戶",
    "嚴重提示",
    "館員",
    "視頻",
    "回收站",
    "回收桶",
    "更動",
    "系統管理者",
    "下架",
    "撤回發布",
    "入口",
    "文體",
    "點擊",
    "當前",
    "着",
    "無法撤銷",
]
"""The other way round, and words the glossary has put aside."""
LANGUAGES = {"简体", "繁體", "简", "繁", "切换到简体中文", "切換到繁體中文"}
"""What a switch of scripts calls each, in that script."""
NUMBERED = {"年月年", "年月", "年", "月", "日"}
"""How dates are written: the same in both scripts."""
HAN = re.compile(r"[\u4e00-\u9fff]+")


def entries(path: Path):
    return [entry for entry in polib.pofile(path) if not entry.obsolete]


def said(entry) -> list[str]:
    return [entry.msgstr, *entry.msgstr_plural.values()]


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_nothing_is_untranslated(path):
    left = [e.msgid for e in entries(path) if not e.translated() or "fuzzy" in e.flags]
    assert left == []


def test_both_scripts_say_the_same_things():
    for stem in ("django", "djangojs"):
        told = [
            {(e.msgctxt, e.msgid) for e in entries(path)} for path in CATALOGS if path.stem == stem
        ]
        assert told[0] == told[1]


@pytest.mark.parametrize(
    ("folder", "words"),
    [("zh_Hans", TAIWAN_ONLY), ("zh_Hant", MAINLAND_ONLY)],
    ids=["Hans", "Hant"],
)
def test_each_script_has_the_words_of_its_readers(folder, words):
    wrong = [
        (word, text)
        for path in CATALOGS
        if folder in path.parts
        for entry in entries(path)
        for text in said(entry)
        for word in words
        if word in text
    ]
    assert wrong == []


@pytest.mark.parametrize(("folder", "marks"), [("zh_Hans", "「」『』〈〉"), ("zh_Hant", "“”‘’")])
def test_each_script_has_its_marks(folder, marks):
    wrong = [
        text
        for path in CATALOGS
        if folder in path.parts
        for entry in entries(path)
        for text in said(entry)
        if set(marks) & set(text)
    ]
    assert wrong == []


MAIN_BUTTONS = {
    *("Publish", "Publish, next", "Submit for review", "Submit for review, next"),
    *("Save", "Save draft", "Write a new article", "Add to the library"),
    *("Move to the recycle bin", "Restore", "Discard the draft", "Not a duplicate", "Back"),
    *("Undo them", "Undo this merge", "Merge into “{{ name }}”", "Rebuild now", "Assign it"),
    *("Check the files", "Show what would change", "Choose something else", "Go on with it"),
    *("Import {{ n }} essay", "Look at what it would change", "Take it in", "Go on"),
    *("Use a passkey", "Set up a passkey", "Show a code to print", "Mail it to {{ to }}", "Print"),
}
"""What the main buttons of the desk say: docs/design.md has the rule for a new one."""

_OPENED = r"<(?:button|a|input)\b(?:\{%.*?%\}|\{\{.*?\}\}|[^>{])*>"
_WITH_NAME = re.compile(rf"({_OPENED})((?:(?!</(?:button|a)>|<input|<button).)*)", re.S)
_NAME = re.compile(r"""translate "([^"]+)"|blocktranslate[^%]*%\}(.*?)\{%""")


def test_main_buttons_are_called_by_the_rule():
    """One name for what puts something before readers, and none without a look at the rule."""
    found = set()
    for path in sorted((ROOT / "templates" / "admin").rglob("*.html")):
        for opened, inside in _WITH_NAME.findall(path.read_text("utf-8")):
            if re.search(r'class="[^"]*\b(?:primary|default)\b', opened):
                named = inside if not opened.startswith("<input") else opened
                found |= {one or other for one, other in _NAME.findall(named)}
    assert found - MAIN_BUTTONS == set()
    publish = {name for name in found if "ublish" in name or "pprove" in name}
    assert publish == {"Publish", "Publish, next"}


def test_no_template_has_chinese_of_its_own():
    left = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        text = re.sub(r"(?s)\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", "", path.read_text("utf-8"))
        if found := {*HAN.findall(text)} - LANGUAGES - NUMBERED:
            left[path.name] = found
    assert left == {}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_the_importer_says_is_said_in_the_language_of_the_desk(language):
    """Every flag that the starter essays and broken files raise, and every one there is a word for."""
    messages = {re.sub(r"\{\w+\}", "7", words) for words, _said in _WORDS}
    for path in [*(SEEDS / name for name in SCRAPES), FILES / "lost-bytes.txt"]:
        messages |= {flag.message for flag in make_draft(path.read_bytes(), path.name).flags}
    with override(language):
        for message in messages:
            text = finding_words(message)
            if language == "en":
                assert not HAN.search(re.sub(r"壹|一|“[^”]*”|be \S+;", "", text)), message
            else:
                assert not [word for word in TAIWAN_ONLY if word in text], message


def test_words_of_an_older_import_are_shown_as_they_were_kept():
    with override("zh-hans"):
        assert finding_words("這裡的話沒有人認得。") == "这里的话没有人认得。"


def test_a_telephone_is_no_width_of_a_screen():
    for language, phone, width in (
        ("zh-hant", "手機", "手機寬度"),
        ("zh-hans", "手机", "手机宽度"),
    ):
        with override(language):
            assert str(Member._meta.get_field("phone").verbose_name) == phone
            assert str(WIDTHS["phone"]) == width
