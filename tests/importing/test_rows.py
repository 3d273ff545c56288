"""Tables of essays: each row a file of its own, a bad row only its own trouble."""

import json
import tracemalloc

import pytest

from articles.importing import files
from articles.importing.files import collect
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile

from ..support.formats import PART_ONE, PART_TWO, zipped


def rows(folder, **options):
    """Return (path, title or error) of each essay in the folder."""
    found = []
    for file in collect([folder], lambda *skipped: None, **options):
        try:
            found.append((file.path, make_draft(file.read(), file.name).title))
        except UnreadableFile as error:
            found.append((file.path, str(error)))
    return found


def lines(*given) -> str:
    return "\n".join(x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in given)


def test_a_bad_line_is_reported_and_the_others_are_imported(essays):
    folder = essays(
        {
            "a.jsonl": lines(
                {"id": "x1", "title": "把話聽完", "body": PART_ONE},
                '{"title": "斷了',
                "",
                {"title": "沒有正文"},
                [1, 2],
                {"id": "x1", "title": "同一個編號", "content": PART_TWO},
                {"title": "空的", "text": "  "},
            )
        }
    )
    found = rows(folder)
    assert [path for path, _ in found] == [
        *("a.jsonl!x1", "a.jsonl!2", "a.jsonl!4", "a.jsonl!5", "a.jsonl!x1#6", "a.jsonl!7")
    ]
    texts = [text for _, text in found]
    assert (texts[0], texts[4]) == ("把话听完", "同一个编号")
    assert "not valid JSON" in texts[1]
    assert "has no body" in texts[2]
    assert "no JSON object" in texts[3]
    assert "empty" in texts[5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_as_spreadsheets_save_them(essays, encoding, delimiter):
    heads = delimiter.join(["題目", "作者", "發布時間", "正文", "備註"])
    cells = delimiter.join(["把话听完", "王芳", "2020/3/5 10:20", f'"{PART_ONE}\n{PART_TWO}"', ""])
    table = f"{heads}\r\n{cells}\r\n{delimiter * 4}\r\n"
    [file] = collect([essays({"a.csv": table.encode(encoding)})], lambda *skipped: None)
    draft = make_draft(file.read(), file.name)
    assert (file.path, draft.title, draft.authors) == ("a.csv!2", "把话听完", ["王芳"])
    assert draft.title_source == "column"
    assert f"{draft.stated_time:%Y-%m-%d %H:%M}" == "2020-03-05 10:20"
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]


def test_a_broken_row_of_a_table_is_reported_with_its_number(essays):
    table = f'title,body\n甲事,{PART_ONE}\n乙事,{PART_TWO},多,出\n丙事,{PART_TWO}\n丁事,"沒有結束'
    found = dict(rows(essays({"a.csv": table})))
    assert found["a.csv!2"] == "甲事"
    assert "4 cells under 2 heads" in found["a.csv!3"]
    assert found["a.csv!4"] == "丙事"
    assert "Check its quotes" in found["a.csv!5"]


def test_a_table_without_a_body_is_refused_whole(essays):
    [(path, error)] = rows(essays({"a.csv": "姓名,電話\n王芳,1\n"}))
    assert path == "a.csv"
    assert "no column headed" in error


def test_excel_may_name_its_delimiter(essays):
    assert rows(essays({"a.csv": f"sep=;\ntitle;body\n甲事;{PART_ONE}\n"})) == [("a.csv!2", "甲事")]


def test_a_forced_encoding_holds_for_tables_too(essays):
    folder = essays({"a.csv": f"title,body\n甲事,{PART_ONE}\n".encode("gb18030")})
    assert rows(folder, encoding="gb18030") == [("a.csv!2", "甲事")]
    assert "is not utf-8" in rows(folder, encoding="utf-8")[0][1]


def test_the_title_of_a_row_is_mended_as_its_body_is(essays):
    row = {
        "title": "工會(huì)的話",
        "body": f"工會(huì)要聽,工會(huì)要辦,工會(huì)要問。\n{PART_ONE}",
    }
    assert rows(essays({"a.jsonl": lines(row)})) == [("a.jsonl!1", "工会的话")]


def test_rows_are_found_in_zips_and_imported_once(essays, tmp_path, db):
    import io
    import zipfile

    from django.core.management import call_command

    from articles.models import Source

    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("甲.csv", f"title,body\n甲事,{PART_ONE}\n乙事,{PART_TWO}\n")
        archive.writestr("乙.jsonl", lines({"title": "丙事", "body": PART_ONE + PART_TWO}))
    for _ in range(2):
        call_command("import_essays", str(path), verbosity=0, stdout=io.StringIO())
    origins = sorted(Source.objects.values_list("origin", flat=True))
    assert origins == [f"{path}!/乙.jsonl!1", f"{path}!/甲.csv!2", f"{path}!/甲.csv!3"]


def test_the_tables_of_a_zip_are_not_all_in_memory_at_once(tmp_path):
    table = "title,body\n把話聽完," + "工會要聽。" * 10_000
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n:02}.csv": table for n in range(20)}))  # 150 KB each
    tracemalloc.start()
    try:
        found = list(collect([path], lambda *skipped: None))
        sizes = [len(file.read()) for file in found]
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(sizes) == 20
    assert min(sizes) > 100_000
    assert held < 1_000_000


def test_a_table_of_too_many_rows_is_refused_whole(essays, monkeypatch):
    monkeypatch.setattr(files, "MAX_MEMBERS", 3)
    folder = essays({"a.csv": "title,body\n" + "話,工會要聽。\n" * 4})
    assert rows(folder) == [("a.csv", "The table has over 3 rows. Split it.")]


def test_a_table_that_became_shorter_meanwhile_costs_only_its_last_rows(essays):
    folder = essays(
        {"a.csv": "title,body\n話,工會要聽。\n話,工會要辦。", "b.csv": "title,body\n話,問。"}
    )
    first, second, _ = collect([folder], lambda *skipped: None)
    essays({"a.csv": "title,body\n話,工會要聽。"})
    assert "工會要聽" in first.read().decode()
    with pytest.raises(UnreadableFile, match="shorter"):
        second.read()


def draft_in(table: str, essays):
    [file] = collect([essays({"a.csv": table})], lambda *skipped: None)
    return make_draft(file.read(), file.name)


def quoted(*cells: str) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\r\n"


HEADS = ("标题", "作者", "日期", "正文")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        *(('="把话听完"', "把话听完"), ('=T("把话听完")', "把话听完"), ("'把话听完", "把话听完")),
        *(('="听完""再办"""', "听完“再办”"), ('=HYPERLINK("http://a.cn","把话听完")', "把话听完")),
        *(("把话听完_x000D_", "把话听完"), ("把话_x000D_\n听完", "把话听完"), ("a_x005F_b", "a_b")),
        *((error, "") for error in ("#NAME?", "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "Err:509")),
        *(
            (nothing, "")
            for nothing in ("####", "=VLOOKUP(A1,B:C,2,0)", "='表一'!A1", "nan", "—", "无")
        ),
    ],
)
def test_what_a_spreadsheet_adds_to_a_cell_is_no_title(written, title, essays):
    table = quoted(*HEADS) + quoted(written, "王芳", "2020-03-05", f"{PART_ONE}\n{PART_TWO}")
    draft = draft_in(table, essays)
    assert (draft.title if title else "", draft.title_source) == (
        title,
        "column" if title else "opening",
    )
    assert ("missing-title" in {flag.kind for flag in draft.flags}) == (not title)
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]


@pytest.mark.parametrize(
    "written",
    [
        *(
            f'="{PART_ONE}\n{PART_TWO}"',
            f"'{PART_ONE}\n{PART_TWO}",
            f"{PART_ONE}_x000D_\r\n{PART_TWO}",
        ),
        *(f"{PART_ONE}_x000D__x000A_{PART_TWO}_x000D_", f"{PART_ONE}_x000d_{PART_TWO}_x0007_"),
    ],
)
def test_what_a_spreadsheet_adds_to_a_text_goes_on_record(written, essays):
    draft = draft_in(quoted(*HEADS) + quoted("把话听完", "王芳", "2020-03-05", written), essays)
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]
    assert draft.source_text.removeprefix("把话听完\n") == written
    assert {edit.kind for edit in draft.edits} <= {"markup", "newline", "space"}
    assert draft.flags == []


@pytest.mark.parametrize(
    ("written", "stated"),
    [
        *(("43895", "2020-03-05"), ("43895.5", "2020-03-05"), ("20200305", "2020-03-05")),
        *(("1583371800", "2020-03-05"), ("1583371800000", "2020-03-05"), ("2020-03", "2020-03-01")),
        *(("2020", "2020-01-01"), ("2020.0", "2020-01-01"), ("202003", "2020-03-01")),
        *(("2020/3/5 0:00", "2020-03-05"), ("'2020-3-5", "2020-03-05"), ("#VALUE!", "None")),
    ],
)
def test_dates_as_spreadsheets_count_them(written, stated, essays):
    draft = draft_in(quoted(*HEADS) + quoted("把话听完", "王芳", written, PART_ONE), essays)
    assert f"{draft.stated_date}" == stated


@pytest.mark.parametrize(
    "heads",
    [
        ("文章题目", "作者姓名", "发表时间", "正文内容"),
        ("篇名", "撰稿人", "刊發日期", "全文"),
        ("標題*", "作者（必填）", "日期 (yyyy-mm-dd)", "內容"),
        ("标题\nTitle", " 作 者 ", "【發布時間】", "正文："),
        ("论文题目", "署名", "写作日期", "文章内容"),
        ("請填寫題目", "投稿人", "出版日期", "正文/Body"),
        ("post_title", "post_author", "post_date", "post_content"),
        ("題名", "責任者", "發稿日期", "內文"),
        ("Title", "Authors", "PubDate", "Article"),
        ("新闻标题", "记者", "发稿时间", "本文"),
    ],
)
def test_columns_are_known_by_many_names_in_both_scripts(heads, essays):
    draft = draft_in(quoted(*heads) + quoted("把话听完", "王芳", "2020-03-05", PART_ONE), essays)
    assert (draft.title, draft.title_source) == ("把话听完", "column")
    assert (draft.authors, f"{draft.stated_date}") == (["王芳"], "2020-03-05")


def test_of_several_columns_the_one_that_says_it_best_is_taken(essays):
    heads = (
        "标题（英文）",
        "名称",
        "题目",
        "更新时间",
        "发布时间",
        "写作日期",
        "来源单位",
        "内容",
        "正文",
        "标签",
    )
    cells = (
        "Bad",
        "丙",
        "把话听完",
        "2024-01-01",
        "2020-03-06",
        "2020-03-05",
        "某某报",
        "简介",
        PART_ONE,
        "",
    )
    draft = draft_in(quoted(*heads) + quoted(*cells), essays)
    assert (draft.title, f"{draft.stated_date}", draft.source_name) == (
        *("把话听完", "2020-03-05", "某某报"),
    )
    assert [block.text for block in draft.blocks] == [PART_ONE]


def test_a_field_in_several_numbered_columns_is_one(essays):
    heads = ("标题", "作者1", "作者2", "关键词1", "关键词2", "正文", "正文2")
    draft = draft_in(
        quoted(*heads) + quoted("听完", "王芳", "李明", "提案", "票决", PART_ONE, PART_TWO), essays
    )
    assert (draft.authors, draft.keywords) == (["王芳", "李明"], ["提案", "票决"])
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]


def test_heads_stand_below_a_title_and_come_again(essays):
    heads = quoted("", *HEADS)
    table = quoted("", "2020年征文汇总表", "", "", "") + ",,,,\r\n" + heads
    table += (
        quoted("", "甲事", "王芳", "2020", PART_ONE)
        + heads
        + quoted("", "乙事", "李明", "2021", PART_TWO)
    )
    assert rows(essays({"a.csv": table})) == [("a.csv!4", "甲事"), ("a.csv!6", "乙事")]


def test_a_text_that_fills_its_cell_was_cut_off(essays):
    long = ("工会要听。" * 7000)[:32_767]
    draft = draft_in(quoted(*HEADS) + quoted("把话听完", "王芳", "2020", long), essays)
    assert [flag.blocking for flag in draft.flags if flag.kind == "lost-text"] == [True]


def test_words_in_a_column_that_is_none_of_ours_are_told(essays):
    note = "编者以为，先把话听完再去办，看来容易，做来却难，各地都可以学一学这个办法，也可以说说自己的。"
    table = quoted(*HEADS, "编者按") + quoted("把话听完", "王芳", "2020-03-05", PART_ONE, note)
    assert [flag.kind for flag in draft_in(table, essays).flags] == ["dropped"]


def test_one_sentence_in_such_a_column_is_told_too_and_a_remark_is_not(essays):
    for words, told in (("附录里另有一句，是作者写的。", True), ("已审，可用", False)):
        table = quoted(*HEADS, "其他") + quoted("把话听完", "王芳", "2020", PART_ONE, words)
        draft = draft_in(table, essays)
        assert any(flag.kind == "dropped" for flag in draft.flags) == told
