"""Bylines, dates, sources and titles in the forms that scraped pages have, by kind."""

from datetime import date

import pytest

from articles.importing.fields.metadata import extract
from articles.importing.pipeline import make_draft

FIRST = "夜校开到车间门口以后，来听课的人多了一倍，听完还肯留下来问，问的多半是自己碰到的事情。"
SECOND = "课讲得短，一次只讲一件事，讲完当场问一问，答得上来的人先走，答不上来的人再听一遍。"
TITLE = "把夜校开到车间门口的三点体会"


def page(*, above=(), below=(), first=FIRST, end=()):
    return "\n".join([*above, TITLE, *below, first, SECOND, *end])


@pytest.mark.parametrize(
    ("below", "authors"),
    [
        (["文/郗望舒"], ["郗望舒"]),
        (["文 郗望舒（砚山市行政学院，砚山 350072）"], ["郗望舒"]),
        (["图/文 郗望舒"], ["郗望舒"]),
        (["○郗望舒"], ["郗望舒"]),
        (["◎ 郗 望 舒"], ["郗望舒"]),
        (["□郗望舒 林见溪"], ["郗望舒", "林见溪"]),
        (["郗望舒1,2 林见溪1", "（1.砚山大学 法学院；2.砚山市总工会）"], ["郗望舒", "林见溪"]),
        (["郗望舒[1] 林见溪[2]"], ["郗望舒", "林见溪"]),
        (["郗望舒¹，林见溪²"], ["郗望舒", "林见溪"]),
        (["郗望舒 林见溪 等"], ["郗望舒", "林见溪"]),
        (["欧阳若谷"], ["欧阳若谷"]),
        (["记者 林见溪 通讯员 郗望舒"], ["林见溪", "郗望舒"]),
        (["本报记者 林见溪 实习生 宋与归"], ["林见溪", "宋与归"]),
        (["記者林見溪／台北報導"], ["林見溪"]),
        (["〔記者林見溪／高雄報導〕"], ["林見溪"]),
        (["（中央社記者林見溪台北11日電）"], ["林見溪"]),
        (["2021-05-06 10:20林见溪"], ["林见溪"]),
        (["供稿：林见溪"], ["林见溪"]),
        (["砚山机械厂工会 林见溪"], ["林见溪"]),
        (["局长 林见溪"], ["林见溪"]),
        (["来源：砚山报作者：林见溪时间：2020-05-06"], ["林见溪"]),
        (["新砚报記者 林見溪、宋與歸在台灣高雄的報導"], ["林見溪", "宋與歸"]),
        (["砚山日报-砚工网记者林见溪 宋与归 通讯员郗望舒"], ["林见溪", "宋与归", "郗望舒"]),
        (["砚山大学2021级社会学专业本科生 林见溪"], ["林见溪"]),
        (["林见溪 （进入专栏）"], ["林见溪"]),
        (["撰稿人：林见溪律师、宋与归律师"], ["林见溪", "宋与归"]),
        (["作者：佚名"], []),
        (["责编：林见溪"], []),
        (["审核：林见溪"], []),
        (["小编：林见溪"], []),
        (["摄影：林见溪"], []),
        (["用户：林见溪"], []),
        (["供稿：网友"], []),
    ],
)
def test_a_byline_below_the_title(below, authors):
    found = extract(page(below=below))
    assert found.authors == authors
    assert found.title == TITLE
    assert not found.doubtful_title
    if authors:
        assert found.lines == set(range(1 + len(below)))


@pytest.mark.parametrize(
    ("end", "authors"),
    [
        (["（林见溪）"], ["林见溪"]),
        (["（作者：林见溪 编辑：宋与归）"], ["林见溪"]),
        (["（通讯员 林见溪 供稿）"], ["林见溪"]),
        (["（林见溪 文/图）"], ["林见溪"]),
        (["责任编辑：林见溪"], []),
        (["主持：林见溪"], []),
        (["参加人员：林见溪、宋与归"], []),
    ],
)
def test_a_byline_behind_the_text(end, authors):
    assert extract(page(end=end)).authors == authors


@pytest.mark.parametrize(
    ("closing", "kept", "authors"),
    [
        ("（作者：林见溪 编辑：宋与归）", SECOND, ["林见溪"]),
        ("（林见溪）", SECOND, ["林见溪"]),
        ("林见溪", SECOND, ["林见溪"]),
        ("（这是后话）", SECOND + "（这是后话）", []),
    ],
)
def test_a_byline_in_the_last_line_is_cut_off_it(closing, kept, authors):
    text = "\n".join([TITLE, FIRST, SECOND + closing])
    found = extract(text)
    start, end = found.cuts.get(2, (0, None))
    assert found.authors == authors
    assert text.split("\n")[2][start:end] == kept


@pytest.mark.parametrize(
    ("first", "authors"),
    [
        (f"本报讯（记者 林见溪 通讯员 郗望舒）{FIRST}", ["林见溪", "郗望舒"]),
        (f"砚山广播网10月11日消息（记者林见溪 马既明）{FIRST}", ["林见溪", "马既明"]),
        (f"（中央社記者林見溪台北11日電）{FIRST}", ["林見溪"]),
        (f"林见溪来到车间，{FIRST}", []),
        (f"记者林见溪的徒弟们，{FIRST}", []),
    ],
)
def test_reporters_are_read_from_the_first_words_and_stay_there(first, authors):
    found = extract(page(first=first))
    assert found.authors == authors
    assert found.lines == {0}


@pytest.mark.parametrize(
    ("below", "end", "day", "upload"),
    [
        (["（2016年5月1日）"], [], date(2016, 5, 1), False),
        (["《砚山工人报》（2016年01月11日 02版）"], [], date(2016, 1, 11), False),
        (["砚山工运学报 2018年5期"], [], date(2018, 1, 1), False),
        (["写作日期：2016-05-01", "上传时间：2020-01-02"], [], date(2016, 5, 1), False),
        (["来源：砚山日报 2020-05-06 10:20"], [], date(2020, 5, 6), False),
        (["来源：好范文网 2020-05-06 10:20"], [], date(2020, 5, 6), True),
        (["上传时间：2020-05-06"], [], date(2020, 5, 6), True),
        (["最后更新：2020-05-06"], [], date(2020, 5, 6), True),
        (["民國112年5月1日"], [], date(2023, 5, 1), False),
        (["一一二年五月一日"], [], date(2023, 5, 1), False),
        (["發布日期：112-05-01"], [], date(2023, 5, 1), True),
        (["发布时间：18-03-08"], [], date(2018, 3, 8), True),
        ([], ["砚山市总工会", "2016年5月1日"], date(2016, 5, 1), False),
        (["收稿日期：2016-05-01"], [], None, False),
        (["施行日期：2016年5月1日"], [], None, False),
        (["2016年5月1日至7日"], [], None, False),
        (["会议时间：2016年5月1日"], [], None, False),
    ],
)
def test_whose_day_a_date_is(below, end, day, upload):
    found = extract(page(below=below, end=end))
    assert (found.stated.date if found.stated else None) == day
    assert found.upload_date == upload


@pytest.mark.parametrize(
    ("below", "source"),
    [
        (["2019-09-26 10:56:28 工人周报"], "工人周报"),
        (["2019-09-26 10:56:28 工人周报 本报讯"], "工人周报"),
        (["2019-09-26 来源于:砚山露天煤矿 作者:林见溪??点击:"], "砚山露天煤矿"),
        (["砚山法学 2018年4期"], "砚山法学"),
        (["《砚山工人报》（2016年01月11日 02版）"], "砚山工人报"),
        (["出处", "《砚山工运学刊》", "2018年第2期6-9,共4页"], "砚山工运学刊"),
        (["原创 林见溪 砚山工友 2023-05-04 07:30 发表于砚山"], "砚山工友"),
        (["（砚山周刊1507）"], "砚山周刊"),
        (["出处 《砚山工运学刊》 2018年11期"], "砚山工运学刊"),
        (["来源：互联网"], ""),
        (["来源：网络转载"], ""),
        (["来源：互联网整理"], ""),
        (["来源：本站"], ""),
    ],
)
def test_where_a_text_comes_from(below, source):
    found = extract(page(below=below))
    assert found.source_name == source
    assert found.lines == set(range(1 + len(below)))


@pytest.mark.parametrize(
    "above",
    [
        ["首页 > 工会理论 > 正文"],
        ["您所在的位置：砚山在线 > 专题 > 正文"],
        ["砚山工运网>>车间新闻"],
        ["登录 | 注册 | 设为首页"],
        ["欢迎光临砚山职工网！"],
        ["Archive for 五月 3rd, 2018"],
        ["分类归档：砚山来信"],
        ["首 页 总揽 政策法规 安全论文 事故案例 在线投稿| 西北站 华中站|通讯员档案"],
        ["理论探讨"],
        ["【职工随笔】"],
        ["2026年04月22日 星期三", "第03版：要闻", "上一版 下一版"],
    ],
)
def test_what_stands_above_the_title_is_none(above):
    found = extract(page(above=above, below=["林见溪"]))
    assert (found.title, found.authors) == (TITLE, ["林见溪"])
    assert found.lines == set(range(len(above) + 2))


@pytest.mark.parametrize(
    "line",
    [
        f"{TITLE}.ppt",
        f"{TITLE}_第1页",
        f"{TITLE}（网友来稿）",
        f"第一篇：{TITLE}",
        f"{TITLE} - 砚山职工网",
        f"标题：{TITLE}",
        f"调查与思考 | {TITLE}",
        f"{TITLE}（精选10篇）",
    ],
)
def test_a_title_loses_what_a_site_hangs_on_it(line):
    found = extract("\n".join([line, "作者：林见溪", FIRST, SECOND]))
    assert found.title == TITLE


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ([TITLE], TITLE),  # the page's own goes first
        ([f"砚山车友会{TITLE}"], "怎样把夜校开到车间门口"),
        ([], "怎样把夜校开到车间门口"),
    ],
)
def test_what_a_page_says_was_the_title_elsewhere(above, title):
    said = "怎样把夜校开到车间门口"
    lines = [line.replace(TITLE, said) if line != TITLE else line for line in above]
    found = extract("\n".join([*lines, f"（原标题：{said}）", FIRST, SECOND]))
    assert found.title == title
    assert len(lines) in found.lines


@pytest.mark.parametrize(
    "first",
    [
        "各位代表、同志们：",
        "大家早上好！",
        "摘要：办事要办到底，这是夜校的头一条经验，也是最后一条。",
        "首页 > 工会理论 > 正文",
        "林见溪",
        "一、为什么要办夜校",
        "提案；回复；职代会",
        "图：车间里的夜校",
        "2016-09-20 点击",
        "（砚山市总工会 宣教部，砚山 351207）",
    ],
)
def test_a_page_without_a_title_gets_none(first):
    found = extract("\n".join([first, FIRST, SECOND]))
    assert not found.title or found.doubtful_title


@pytest.mark.parametrize(
    ("before", "title", "source"),
    [
        ("砚山码头工友要求补发停工津贴 2019-05-01 10:33 ", "砚山码头工友要求补发停工津贴", ""),
        (
            "码头工友要求 补发停工津贴 砚山日报 2019-05-01 10:33 ",
            "码头工友要求 补发停工津贴",
            "砚山日报",
        ),
        ("政治 码头工友要求 补发停工津贴 2019-05-01 10:33 ", "", ""),
        ("《码头工友要求补发停工津贴》 ", "码头工友要求补发停工津贴", ""),
        ("《码头工友停工津贴条例》 是去年定的，", "", ""),
    ],
)
def test_a_title_in_one_line_with_the_text(before, title, source):
    told = "砚山码头工友去年停工二十一次，要求补发停工津贴，至今没有答复。"
    found = extract("\n".join([before + told + FIRST, SECOND]))
    assert (found.title, found.source_name) == (title, source)
    assert not title or found.cuts[0][0] == len(before)


def test_a_row_of_buttons_names_nobody():
    found = extract(page(below=["本馆镜像全文|  推荐本文 |  |   获取某某官网全文"]))
    assert (found.title, found.authors) == (TITLE, [])


def test_an_official_document_is_titled_by_what_it_is_about():
    text = "\n".join(
        [
            "砚山市总工会文件",
            "砚工发〔2023〕12号",
            "砚山市总工会",
            "关于做好夏季职工劳动保护工作的",
            "通知",
            "各县（区）总工会：",
            FIRST,
            SECOND,
            "附件：1.检查表",
            "砚山市总工会",
            "2023年6月15日",
            "（此件公开发布）",
            "抄送：市人力资源和社会保障局。",
        ]
    )
    found = extract(text)
    assert found.title == "砚山市总工会关于做好夏季职工劳动保护工作的通知"
    assert (found.stated.date, found.authors) == (date(2023, 6, 15), [])
    assert found.unit == "砚山市总工会"
    kept = [line for n, line in enumerate(text.split("\n")) if n not in found.lines]
    assert kept[0] == "各县（区）总工会："
    assert "附件：1.检查表" in kept
    assert "（此件公开发布）" not in kept


def test_a_head_that_is_printed_twice_is_one():
    head = ["林见溪1，宋与归2", "（1.砚山农学院 经济系，砚山 350330；2.砚山林场）"]
    found = extract("\n".join([*head, TITLE, *head, FIRST, SECOND]))
    assert (found.title, found.authors) == (TITLE, ["林见溪", "宋与归"])
    assert found.unit == "砚山农学院 经济系"
    assert found.lines == {0, 1, 2, 3, 4}


def test_a_subtitle_is_joined_to_the_title():
    found = extract(page(below=["——砚山机械厂见闻", "林见溪"]))
    assert found.title == f"{TITLE}——砚山机械厂见闻"
    assert found.lines == {0, 1, 2}


@pytest.mark.parametrize(
    "text",
    [
        "网站首页 关于我们 新闻中心 产品展示 成功案例 在线留言 联系我们",
        "def total(rows):\n    count = 0\n    for row in rows:\n        count += row.size;\n    return count",
    ],
)
def test_what_is_no_essay_has_no_fields(text):
    found = extract(text)
    assert not found.essay
    assert (found.title, found.authors, found.stated, found.lines) == ("", [], None, set())


def test_the_evidence_for_each_field_is_kept():
    found = extract(page(below=["林见溪", "2016年5月1日"]))
    kinds = {one.field: one for one in found.evidence}
    assert set(kinds) == {"title", "authors", "date"}
    assert "below-title" in kinds["authors"].reasons
    assert "recurs" in kinds["title"].reasons


@pytest.mark.parametrize(
    "heading",
    ["一、先听三天", "第一章 接手之前", "（一）怎样记账", "1.1接手之前", "引言：接手之前"],
)
def test_a_numbered_heading_on_top_stays_in_the_text(heading):
    assert extract("\n".join([heading, FIRST, SECOND])).lines == set()


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("砚山工运学报 2018年5期", "2018"),
        ("（2016年5月）", "2016-05"),
        ("（2016年5月1日）", "2016-05-01"),
        ("13/06/2017 - 10:47am", "2017-06-13"),
    ],
)
def test_a_date_is_told_as_precisely_as_it_is_stated(line, stated):
    assert make_draft(page(below=[line]).encode(), "a.txt").date_as_stated == stated


@pytest.mark.parametrize(
    "line",
    [
        "本文讲的三条经验只是一家之言，仅供参考。",
        "这个频道为大家准备了三样东西：一盏灯、一张桌子和一壶水。",
        "欢迎大家阅读这本小册子，读完传给下一个班组。",
        "本文由三部分组成",
        "保护职工的隐私",
        "分享给工友的三句话",
    ],
)
def test_an_authors_own_line_stays_below_the_title(line):
    found = extract(page(below=[line]))
    assert (found.title, found.lines) == (TITLE, {0})
