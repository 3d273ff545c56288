"""Title, byline, date, summary and keywords, in the forms pages really have."""

from datetime import date

import pytest

from articles.importing.fields.bylines import split_names
from articles.importing.fields.dates import parse_date
from articles.importing.fields.labels import split_keywords
from articles.importing.fields.metadata import extract
from articles.importing.pipeline import make_draft

BODY = "工会要到职工中间去，听他们说，替他们办，办完了再回去问一声，这样职工才信工会。\n" * 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王芳", ["王芳"]),
        ("戴 安", ["戴安"]),
        ("王芳 李明", ["王芳", "李明"]),
        ("王芳、李明，赵四", ["王芳", "李明", "赵四"]),
        ("王芳/文 小编", ["王芳"]),
        ("佚名", []),
        ("网友", []),
        ("本站編輯", []),
        ("John Smith", ["John Smith"]),
        ("买买提·阿不都", ["买买提·阿不都"]),
    ],
)
def test_names_in_a_byline(text, names):
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("作者：王芳", ["王芳"]),
        ("作者:王芳 李明", ["王芳", "李明"]),
        ("●劉明觀點", ["劉明"]),
        ("○ 王 芳", ["王芳"]),
        ("文/王芳", ["王芳"]),
        ("【作者】王芳", ["王芳"]),
        ("王芳", ["王芳"]),
        ("作者：佚名", []),
        ("责编：王芳", []),
        ("工会", []),
        ("任务", []),
        ("方法", []),
        ("文：一张一弛，文武之道。", []),
    ],
)
def test_bylines_below_a_title(line, authors):
    assert extract(f"谈谈工会的一件小事\n{line}\n{BODY}").authors == authors


@pytest.mark.parametrize("line", ["(作者:王芳 编辑部)", "（作者：王芳；单位：某厂工会）"])
def test_bylines_that_close_the_essay(line):
    found = extract(f"谈谈工会的一件小事\n{BODY}{line}")
    assert found.authors == ["王芳"]
    assert found.title == "谈谈工会的一件小事"


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2011年3月5日", date(2011, 3, 5), "day"),
        ("二〇一一年三月五日", date(2011, 3, 5), "day"),
        ("二○二三年十二月三十一日", date(2023, 12, 31), "day"),
        ("2011-03-05", date(2011, 3, 5), "day"),
        ("2011/3/5", date(2011, 3, 5), "day"),
        ("24/09/2021", date(2021, 9, 24), "day"),
        ("2011年3月", date(2011, 3, 1), "month"),
        ("2011年", date(2011, 1, 1), "year"),
        ("二〇一一年", date(2011, 1, 1), "year"),
        ("一九九八年十月", date(1998, 10, 1), "month"),
        ("二O一一年三月", date(2011, 3, 1), "month"),
        ("二零一一年三月", date(2011, 3, 1), "month"),
        ("贰零贰肆年", date(2024, 1, 1), "year"),
        ("贰零贰肆年叁月伍日", date(2024, 3, 5), "day"),
        ("貳零貳肆年拾貳月", date(2024, 12, 1), "month"),
        ("2021.09.24", date(2021, 9, 24), "day"),
        ("2021-9", date(2021, 9, 1), "month"),
        ("２０１１年３月５日", date(2011, 3, 5), "day"),
        ("2011年3月5日 星期六", date(2011, 3, 5), "day"),
        ("2011年3月5日（星期六）", date(2011, 3, 5), "day"),
        ("20110305", date(2011, 3, 5), "day"),
        ("2015年05期", date(2015, 1, 1), "year"),
        ("2015年第5期", date(2015, 1, 1), "year"),
        ("2015年第十二期", date(2015, 1, 1), "year"),
        ("2015(05)", date(2015, 1, 1), "year"),
        ("05/05/2021", date(2021, 5, 5), "day"),
        ("05/09/2021", date(2021, 1, 1), "year"),  # May or September
    ],
)
def test_dates_in_every_form(text, day, precision):
    stated = parse_date(text)
    assert (stated.date, stated.precision) == (day, precision)


@pytest.mark.parametrize(
    "text",
    [
        "2011年13月5日",
        "2011-02-30",
        "2011-00-05",
        "2011年0月",
        "20111305",
        "0001-01-01",
        "3000年",
        "民国二十年",
        "十二五",
        "二十年",
        "10:30",
        "1.2",
        "2011",
        "12345678",
        "",
    ],
)
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


def test_a_time_label_is_the_upload_date():
    found = extract(f"谈谈工会的一件小事\n時間:2022-07-29 10:33:00\n{BODY}")
    assert found.upload_date
    assert found.stated.time.isoformat() == "2022-07-29T10:33:00+08:00"


def test_an_own_date_goes_before_the_upload_date():
    found = extract(f"谈谈工会的一件小事\n2011年3月5日\n时间:2022-07-29\n{BODY}")
    assert (found.stated.date, found.upload_date) == (date(2011, 3, 5), False)


def test_one_line_may_hold_several_labels():
    line = "来源：工人时报 作者：王芳 时间：2015-03-04 08:00"
    found = extract(f"谈谈工会的一件小事\n{line}\n{BODY}")
    assert (found.source_name, found.authors) == ("工人时报", ["王芳"])
    assert found.stated.date == date(2015, 3, 4)


def test_summary_and_keywords_with_their_labels():
    found = extract(f"标题在这里\n摘 要：办事要办到底。\n关键词：工会；职工，一线\n{BODY}")
    assert found.summary == "办事要办到底。"
    assert found.keywords == ["工会", "职工", "一线"]


@pytest.mark.parametrize(
    "text",
    [
        "创新 工会 基层",
        "创新,工会;基层",
        "创新、工会|基层。",
        "创新　工会　基层",
        "创新；工会；基层；",
        "创新 工会；基层",
        "创新/工会·基层",
    ],
)
def test_keywords_are_split_whatever_stands_between(text):
    assert split_keywords(text) == ["创新", "工会", "基层"]


def test_a_lead_that_the_body_repeats_is_the_summary_and_stays_in_the_body():
    lead = "工会是职工自己的组织，要到职工中间去，听他们说，替他们办，再问一声。"
    text = f"标题在这里\n{lead}\n{BODY}{lead}接着还有别的话要说。"
    found = extract(text)
    assert found.summary == lead
    assert found.lines == {0, 1}


def test_a_long_first_line_is_no_title():
    assert extract(BODY).title == ""


def test_labels_inside_the_body_stay_in_it():
    lines = [f"第{n}段，工会要到职工中间去，听他们说，替他们办，办完了再问。" for n in "甲乙丙丁戊"]
    text = "\n".join(["标题在这里", *lines[:2], "时间：下午两点开会时，职工都来了。", *lines[2:]])
    assert extract(text).lines == {0}


def test_a_bare_name_at_the_end_stays_in_the_body_for_a_curator_to_decide():
    first, second = "甲段，工会要到职工中间去，听他们说。", "乙段，替他们办，办完了再回去问一声。"
    found = extract(f"谈谈工会的一件小事\n{first}\n{second}\n向前走")
    assert (found.authors, found.perhaps_authors) == ([], ["向前走"])
    assert found.lines == {0}


@pytest.mark.parametrize(
    "line",
    [
        "单位：是职工的第二个家，要像爱家一样爱单位，单位好了职工才好。",
        "来源：清楚才叫人放心。钱从哪里来，花到哪里去，都要说清楚。",
        "关键词 就是服务。服务，再服务。",
        "（文中姓名均为化名）",
        "单位：某某厂工会",
    ],
)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_what_merely_begins_like_a_label_stays_in_the_body(line, place):
    paragraphs = [f"第{n}段，工会要到职工中间去，听他们说，替他们办，办完再问。" for n in "甲乙丙"]
    lines = [line, *paragraphs] if place == "head" else [*paragraphs, line]
    found = extract("\n".join(["谈谈工会的一件小事", *lines]))
    assert found.lines == {0}


def test_a_second_label_of_the_same_kind_adds_authors_and_keeps_the_rest():
    found = extract(f"谈谈工会的一件小事\n作者：王芳\n执笔：李明\n来源：甲刊\n来源：乙刊\n{BODY}")
    assert found.authors == ["王芳", "李明"]
    assert found.source_name == "甲刊"
    assert 4 not in found.lines


def test_a_line_that_was_read_only_in_part_stays_in_the_body():
    found = extract(f"谈谈工会的一件小事\n来源：甲刊 时间：某个下着雨的春天\n{BODY}")
    assert found.source_name == "甲刊"
    assert 1 not in found.lines


def test_english_keywords_keep_their_spaces():
    assert split_keywords("trade union; labour law") == ["trade union", "labour law"]


def test_keywords_run_together_are_parted_by_the_vocabulary():
    assert split_keywords("民主管理职代会安全生产") == ["民主管理", "职代会", "安全生产"]
    assert split_keywords("某种不在词表里的说法") == ["某种不在词表里的说法"]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("【摘 要】办事要办到底。", "summary", "办事要办到底。"),
        ("[摘要] 办事要办到底。", "summary", "办事要办到底。"),
        ("摘　要　办事要办到底。", "summary", "办事要办到底。"),
        ("内容提要：办事要办到底。", "summary", "办事要办到底。"),
        ("[关键词] 工会；职工", "keywords", ["工会", "职工"]),
        ("【关 键 词】工会；职工", "keywords", ["工会", "职工"]),
        ("关键词 工会 职工", "keywords", ["工会", "职工"]),
        ("關鍵詞：工會、職工", "keywords", ["工會", "職工"]),
        ("主题词：工会 职工", "keywords", ["工会", "职工"]),
        ("来源：工人时报", "source_name", "工人时报"),
        ("来 源：《工人时报》", "source_name", "工人时报"),
        ("稿源：工人时报", "source_name", "工人时报"),
        ("（来源：工人时报）", "source_name", "工人时报"),
        ("摘自《工人时报》", "source_name", "工人时报"),
        ("（摘自《工人时报》2015年第5期）", "source_name", "工人时报"),
        ("本文原载于《工人时报》", "source_name", "工人时报"),
        ("——摘自《工人时报》", "source_name", "工人时报"),
        ("出处：工人时报2015年05期", "source_name", "工人时报"),
        ("来源：网络", "source_name", ""),
        ("来源：本站原创", "source_name", ""),
        ("原文链接：https://example.org/a", "source_url", "https://example.org/a"),
        ("中图分类号：D412.6 文献标识码：A 文章编号：1009-1234(2015)05-0001", "source_name", ""),
        ("Abstract: The union goes to the workers.", "summary", ""),
        ("Key words: union; workers", "keywords", []),
        ("发布者：王芳", "authors", []),
    ],
)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_labelled_lines_wherever_they_stand(line, field, value, place):
    paragraphs = [f"第{n}段，工会要到职工中间去，听他们说，替他们办，办完再问。" for n in "甲乙丙"]
    lines = [line, *paragraphs] if place == "head" else [*paragraphs, line]
    found = extract("\n".join(["谈谈工会的一件小事", *lines]))
    assert getattr(found, field) == value
    assert found.lines == {0, 1 if place == "head" else 4}


def test_abstract_and_keywords_in_one_line_are_taken_apart():
    line = "摘要：办事要办到底。关键词：工会；职工 Abstract: To the end. Key words: union; workers"
    found = extract(f"谈谈工会的一件小事\n{line}\n{BODY}")
    assert (found.summary, found.keywords) == ("办事要办到底。", ["工会", "职工"])
    assert found.lines == {0, 1}


@pytest.mark.parametrize(
    ("line", "day", "upload"),
    [
        ("2011年3月5日", date(2011, 3, 5), False),
        ("（二〇一一年三月五日）", date(2011, 3, 5), False),
        ("日期：2011-03-05", date(2011, 3, 5), False),
        ("讲话时间：2011年3月5日", date(2011, 3, 5), False),
        ("写于2011年3月5日", date(2011, 3, 5), False),
        ("2011年3月5日于北京", date(2011, 3, 5), False),
        ("2011-03-05 10:30", date(2011, 3, 5), True),
        ("發布時間：2011-03-05", date(2011, 3, 5), True),
        ("时 间：2011-03-05 10:30:00", date(2011, 3, 5), True),
        ("来源：工人时报 时间：2011-03-05", date(2011, 3, 5), False),  # a paper's own
        ("来源：某某范文网 时间：2011-03-05", date(2011, 3, 5), True),
        ("2011-03-05 10:30赵毅", date(2011, 3, 5), True),
    ],
)
def test_the_texts_own_date_and_the_sites(line, day, upload):
    found = extract(f"谈谈工会的一件小事\n{line}\n{BODY}")
    assert (found.stated.date, found.upload_date) == (day, upload)
    assert 1 in found.lines


def test_where_a_speech_was_given_stays_in_the_body_and_dates_it():
    found = extract(f"在会上的讲话\n（2011年3月5日在某厂职工代表大会上）\n{BODY}")
    assert found.stated.date == date(2011, 3, 5)
    assert found.lines == {0}


@pytest.mark.parametrize(
    "line",
    [
        "时间：是最公正的法官，谁也骗不了它。",
        "时间紧，任务重，人手少，怎么办？",
        "日期定在下个月的头一个星期一",
        "来源于生活，高于生活，这句话人人会说。",
        "2011年3月5日，某厂工会开了一次会。",
        "2011年3月5日讲话稿",
        "关键词就是两个字：服务。",
        "摘要记下了三条意见，条条都有着落。",
        "链接：把工会和职工连在一起的，是一件一件的小事。",
        "编辑：一份需要耐心的工作，职工喜欢。",
        "口述历史是工会的一笔财富",
        "Abstract painting is not our subject, 我们说的是职工的画展和职工的生活。",
    ],
)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_sentences_that_begin_like_a_label_stay(line, place):
    paragraphs = [f"第{n}段，工会要到职工中间去，听他们说，替他们办，办完再问。" for n in "甲乙丙"]
    lines = [line, *paragraphs] if place == "head" else [*paragraphs, line]
    found = extract("\n".join(["谈谈工会的一件小事", *lines]))
    assert found.lines == {0}
    assert (found.stated, found.summary, found.keywords) == (None, "", [])


IN_TIERS = "".join(f"1.{n} 再问一声\n{BODY}" for n in range(1, 5))
OWN = "我去年到班组里走了一圈，我们问了六个人，他们都说不知道找谁，我把原话记下来，第二天又去。\n"


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        (f"在某厂职工大会上的讲话\n{BODY}", "speech"),
        (f"谈谈工会的一件小事\n同志们：\n{BODY}今天我讲三点意见。\n谢谢大家！", "speech"),
        (f"谈谈工会的一件小事\n各位代表、同志们：\n{BODY}我讲几点意见。\n{BODY}", "speech"),
        (f"某厂工会的三条经验\n{BODY}", "experience"),
        (f"谈谈工会的一件小事\n现将我厂的做法汇报如下。\n{BODY}", "experience"),
        (f"工人时评：把话说清楚\n{BODY}", "commentary"),
        (f"谈谈工会的一件小事\n本报评论员\n{BODY}", "commentary"),
        (f"谈谈工会的一件小事\n摘要：办到底。\n关键词：工会；职工\n{BODY}", ""),
        (f"谈谈工会的一件小事\n关键词：工会；职工\n{BODY}\n参考文献\n[1] 某书", "paper"),
        (f"谈谈工会的一件小事\n摘要：办到底。\n关键词：工会；职工\n{IN_TIERS}", "paper"),
        (f"谈谈工会的一件小事\n摘要：办到底。\n关键词：工会；职工\n{BODY}{OWN}", "experience"),
        (f"谈谈工会的一件小事\n{OWN}", ""),
        (f"谈谈工会的一件小事\n{BODY}", ""),
        (f"谈谈工会的一件小事\n同志们：\n这是一封信。\n{BODY}", ""),
    ],
)
def test_genre_comes_from_evidence(text, genre):
    assert extract(text).genre == genre


@pytest.mark.parametrize(
    "line",
    [
        "作者：王芳 2021年5月6日",
        "作者：王芳 二〇二一年五月六日",
        "作者：王芳2021-05-06",
        "作者：王芳（2021年5月6日）",
        "（作者：王芳 2021年5月6日）",
        "王芳 2021年5月6日",
        "（王芳 2021年5月6日）",
        "本报记者 王芳 2021年5月6日",
        "2021-05-06 10:20 来源：工人日报 作者：王芳",
        "来源：工人日报 2021-05-06 10:20 作者：王芳",
    ],
)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_a_date_beside_the_author_is_read(line, place):
    paragraphs = [f"第{n}段，工会要到职工中间去，听他们说，替他们办，办完再问。" for n in "甲乙丙"]
    lines = [line, *paragraphs] if place == "head" else [*paragraphs, line]
    found = extract("\n".join(["谈谈工会的一件小事", *lines]))
    assert (found.authors, found.stated.date) == (["王芳"], date(2021, 5, 6))
    assert not found.upload_date  # a newspaper's clock is the essay's
    assert found.source_name == ("工人日报" if "来源" in line else "")
    assert found.lines == {0, 1 if place == "head" else 4}


@pytest.mark.parametrize(
    "line",
    [
        "作者：王芳 写在一个下着雨的春天里",
        "作者：王芳 2021年2月30日",
        "王芳 2021年",
        "工会 2021年5月6日",
    ],
)
def test_a_byline_that_says_more_than_is_read_stays_in_the_body(line):
    found = extract(f"谈谈工会的一件小事\n{line}\n第一段，{BODY}第二段，{BODY}")
    assert found.lines == {0}
    assert found.stated is None


def test_a_second_date_beside_the_author_stays_in_the_body():
    found = extract(f"谈谈工会的一件小事\n2011年3月5日\n作者：王芳 2021年5月6日\n第一段，{BODY}")
    assert (found.authors, found.stated.date) == (["王芳"], date(2011, 3, 5))
    assert 2 not in found.lines


@pytest.mark.parametrize(
    "site",
    [
        *("浏览：1832次", "字体：[大 中 小]", "字号：大 中 小", "阅读：1234", "浏览量：99"),
        *("瀏覽：1,832 次", "字體：[大 中 小]", "字號：大 中 小", "閱讀：1234", "瀏覽量：99"),
        *("点击：33次", "【字体：大 中 小】", "浏览：33次 字体：大|中|小", "人氣：12"),
    ],
)
def test_what_a_site_counts_costs_neither_date_nor_line(site):
    line = f"来源：《工人日报》 作者：王芳 发布时间：2020-11-03 09:12 {site}"
    found = extract(f"谈谈工会的一件小事\n{line}\n第一段，{BODY}第二段，{BODY}")
    assert (found.source_name, found.authors) == ("工人日报", ["王芳"])
    assert (found.stated.date, found.upload_date) == (date(2020, 11, 3), False)
    assert found.lines == {0, 1}


@pytest.mark.parametrize("line", ["阅读：一种习惯", "人气：要靠人去聚", "字体：要大一些才看得清"])
def test_words_behind_a_sites_label_stay(line):
    found = extract(f"谈谈工会的一件小事\n{line}\n第一段，{BODY}第二段，{BODY}")
    assert found.lines == {0}


def test_a_date_that_cannot_be_is_remembered_for_the_flag():
    found = extract(f"谈谈工会的一件小事\n日期：2022-13-40\n第一段，{BODY}")
    assert (found.stated, found.impossible_date) == (None, "2022-13-40")
    assert found.lines == {0}


KEPT_BY_HAND = (
    "班組長的本子上記著誰家老人住院、誰的孩子要考學，這些事和產量一樣要緊，因為人心定了，活才幹得穩當。\n"
    "換了三任組長，本子沒有斷過，翻開來就是一部班組的家史，規矩也就這樣一條一條傳了下來，沒有人覺得多餘。\n"
)


def doubts(head: str) -> dict[str, tuple[str, ...]]:
    draft = make_draft(f"師傅帶出來的規矩\n{head}\n{KEPT_BY_HAND * 2}".encode(), "page.txt")
    return {flag.kind: flag.candidates for flag in draft.flags if flag.kind.startswith("doubtful")}


@pytest.mark.parametrize(
    "head",
    [
        "陳立群\n硯江機床廠工會\n趙小禾\n硯江市總工會宣教部",
        "（硯江機床廠 陳立群）\n（硯江市總工會 趙小禾）",
        "□ 陳立群\n◎ 趙小禾",
    ],
)
def test_two_lines_that_are_bylines_alike_are_asked_about(head):
    found = doubts(head)
    assert set(found) == {"doubtful-author"}
    assert set(found["doubtful-author"]) == {"陳立群", "趙小禾"}


@pytest.mark.parametrize(
    "head",
    [
        "成文日期：2022年3月11日\n寫作時間：2019-06-01",
        "發表日期：2022-03-11\n發布時間：2019-06-01\n來源：硯江日報",
    ],
)
def test_two_dates_that_are_told_alike_are_asked_about(head):
    assert doubts(head) == {"doubtful-date": ("2022-03-11", "2019-06-01")}


def test_one_byline_and_one_date_leave_no_doubt():
    assert doubts("陳立群\n硯江機床廠工會\n2022年3月11日") == {}
