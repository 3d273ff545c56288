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
