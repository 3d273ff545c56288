"""Annotations, 壹, boilerplate, copies and giant paragraphs: wild forms, and their look-alikes."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.edits import Edit, Flag, Record
from articles.importing.fields.dates import parse_date
from articles.importing.fields.metadata import extract
from articles.importing.repairs import REPAIRS, Page, run
from articles.importing.repairs.boilerplate import drop_boilerplate_lines, drop_trailing_credits
from articles.importing.repairs.duplicate import drop_duplicate_body
from articles.importing.repairs.numerals import restore_yi
from articles.importing.repairs.paragraphs import suggest_breaks
from articles.importing.repairs.pinyin import drop_pinyin_annotations, drop_word_annotations
from articles.importing.repairs.rewriting import flag_rewriting
from articles.importing.repairs.spacing import drop_question_indents
from articles.importing.repairs.titles import drop_repeated_titles, drop_site_keywords
from articles.text import script

from ..support import damage
from ..support.timing import is_in_proportion

NOISE = "工會(huì)的領(lǐng)導(dǎo)聽取職工的話,工會(huì)辦(bàn)事,工會(huì)好。"
FIRST = "工会要到职工中间去，听他们说，替他们办，办完了再回去问一声，这样职工才信工会。"
LAST = "职工有了难处，先想到工会，工会就算办好了，这件事说来容易，做起来要一年一年地做。"
MIDDLE = "\n".join(
    f"{n}车间的职工说的话，工会都记在本子上，一件一件地办。" for n in "甲乙丙丁戊己庚辛"
)
PARAGRAPHS = [
    f"{n}车间有{n}车间的难处。工会到{n}车间去了三回，听职工说了{n}种难处！能办的当场就办，不能办的说清楚为什么，{n}个月以后再回去看。"
    for n in "一二三四五六七八九十"
]
BODY = "\n".join(PARAGRAPHS)


def flags(repair, text):
    return [found for found in repair.find(Page(text)) if isinstance(found, Flag)]


# --- pinyin ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damaged", "clean"),
    [
        ("動(dòng)", "動"),
        ("動（dòng）", "動"),
        ("動( dòng )", "動"),
        ("動(dòng )", "動"),
        ("動(DÒNG)", "動"),
        ("動(Dòng)", "動"),
        ("動(dŏng)", "動(dŏng)"),  # another tone: no reading of it
        ("礎(chŭ)", "礎"),
        ("應(yīnɡ)", "應"),
        ("綠(lǜ)", "綠"),
        ("綠(lv̀)", "綠"),
        (unicodedata.normalize("NFD", "動(dòng)"), "動"),
        ("，F(xiàn)acebook", "，Facebook"),
        (",F(xiàn)acebook", ",Facebook"),
        ("溧l(xiāng)i", "溧l(xiāng)i"),  # half a character: bytes out of step
        ("，F(huì)acebook", "，F(huì)acebook"),  # AC 46 is no 會
        ("亳(bó)州", "亳(bó)州"),
        ("漢字(hànzì)", "漢字(hànzì)"),
        ("曹丕(cáo pī)", "曹丕(cáo pī)"),
        ("職工(union member)", "職工(union member)"),
        ("贇(yūn)", "贇(yūn)"),
        ("函數f(x)", "函數f(x)"),
    ],
)
def test_annotations_on_a_page_of_noise(damaged, clean):
    assert drop_pinyin_annotations(NOISE + damaged).endswith(clean)
    assert "(huì)的" not in drop_pinyin_annotations(NOISE + damaged)


@pytest.mark.parametrize(
    "line", ["時(shí)間:2022-06-08", "關(guān)鍵詞:工會", "【關(guān)鍵詞】工會", "來(lái)源：某報"]
)
def test_an_annotated_label_is_read_on_any_page(line):
    assert "(" not in drop_pinyin_annotations(f"標題\n{line}\n正文。")


def test_a_few_annotations_stay_and_are_flagged():
    text = "工會(huì)要聯(lián)系職工。"
    assert drop_pinyin_annotations(text) == text
    assert [flag.candidates for flag in flags(drop_pinyin_annotations, text)] == [("會",), ("聯",)]


@pytest.mark.parametrize(
    "text",
    [
        "生字:會(huì)、聯(lián)、關(guān)。",
        "工會(huì)是職工的家。",
        "亳(bó)州與盱(xū)眙。",
        "葉(yè)公與葉(shè)縣。",
    ],
)
def test_lessons_and_single_glosses_are_not_even_flagged(text):
    assert not list(drop_pinyin_annotations.find(Page(text)))


SOMETIMES = (
    "勞動(dòng)關(guān)系的事,當(dāng)天看,當(dāng)天回。勞動關系里有人擔(dān)心,工號(hào)后兩位,"
    "要報(bào)到廠里,答復(fù)(fù)貼在旁邊,只提一個(gè)條件,頭一個月的事,現(xiàn)在換到第七版,"
)


def test_a_page_annotated_at_some_places_only_is_rid_of_all():
    assert "(" not in drop_pinyin_annotations(SOMETIMES)
    assert "答復貼" in drop_pinyin_annotations(SOMETIMES)


@pytest.mark.parametrize("gloss", ["個(ge)", "個(gé)", "們(mén)", "來(lai)", "這(zhèi)"])
def test_tones_vary_where_a_page_has_many(gloss):
    page = SOMETIMES + "組長(zhǎng)說(shuō)話(huà),學(xué)會(huì)辦(bàn)事,對(duì)的聽(tīng)。"
    assert "(" not in drop_pinyin_annotations(page + gloss)


@pytest.mark.parametrize("gloss", ["贇(yūn)", "驛(yì)"])
def test_a_rare_character_glossed_once_on_such_a_page_is_asked_about(gloss):
    page = SOMETIMES + gloss
    assert drop_pinyin_annotations(page).endswith(gloss)
    assert [page[flag.start : flag.end] for flag in flags(drop_pinyin_annotations, page)] == [gloss]


def test_annotations_at_some_places_of_a_short_page_are_all_named():
    page = "勞動(dòng)關(guān)系與勞動關系,個(gè)人與一個人。"
    assert drop_pinyin_annotations(page) == page
    assert len(flags(drop_pinyin_annotations, page)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "今天學的字：會(huì)、關(guān)、動(dòng)、時(shí)、來(lái)、說(shuō)、對(duì)、個(gè)、這(zhè)、長(zhǎng)。"
        "拼音要拼準。",
        "生字："
        + "、".join(
            [
                "會(huì)",
                "關(guān)",
                "動(dòng)",
                "時(shí)",
                "來(lái)",
                "說(shuō)",
                "對(duì)",
                "個(gè)",
                "這(zhè)",
                "長(zhǎng)",
            ]
            * 2
        ),
        "踽(jǔ)踽獨行，饕(tāo)餮(tiè)，耄(mào)耋(dié)，囹(líng)圄(yǔ)，魑(chī)魅(mèi)，齷(wò)齪(chuò)。",
    ],
)
def test_lessons_and_glosses_of_rare_characters_stay(text):
    assert not list(drop_pinyin_annotations.find(Page(text)))


def test_glosses_of_whole_words_stay_where_the_page_has_few():
    text = "大桥(dàqiáo)局的工会(gōnghuì)。工会办得好，大桥也好。"
    assert drop_word_annotations(text) == text


# --- 壹 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damaged", "clean"),
    [
        ("隊伍壹起調整壹下，充分壹致，收拾壹下，", "隊伍一起調整一下，充分一致，收拾一下，"),
        (
            "壹萬人，壹百元，壹元化，壹分為二，壹整天，",
            "一萬人，一百元，一元化，一分為二，一整天，",
        ),
        ("壹萬元，壹佰元，壹萬貳仟元整，", "壹萬元，壹佰元，壹萬貳仟元整，"),
        ("貳零壹壹年，拾壹人，", "貳零壹壹年，拾壹人，"),
        ("壹年以上叁年以下，壹式叁份，", "壹年以上叁年以下，壹式叁份，"),
        ("壹基金，《壹讀》，“壹”字，", "壹基金，《壹讀》，“壹”字，"),
        ("第壹，第壹要務，把“第壹”放在心上，", "第一，第一要務，把“第一”放在心上，"),
    ],
)
def test_each_place_on_a_page_that_writes_it_for_every_yi(damaged, clean):
    page = "壹是進壹步統壹思想，壹定要走到壹線，壹切為職工，"
    assert restore_yi(page + damaged).endswith(clean)


def test_only_the_part_that_writes_it_is_restored():
    sound = "一个一样的一天，一式两份，壹式叁份，人民币壹万元。"
    page = f"{sound}\n進壹步統壹思想，壹定要走到壹線，壹張紙。\n{sound}"
    assert restore_yi(page) == f"{sound}\n進一步統一思想，一定要走到一線，一張紙。\n{sound}"


def test_a_single_slip_is_flagged_and_a_text_about_the_character_is_not():
    assert [f.kind for f in flags(restore_yi, "這是進壹步的工作。")] == ["numeral-doubt"]
    assert not flags(restore_yi, "他把“进一步”写成“进壹步”，这是错字。")


# --- question marks for space -------------------------------------------------------------


@pytest.mark.parametrize(
    ("damaged", "clean"),
    [
        ("分类号 R473? ? ? 文献标识码 B", "分类号 R473 文献标识码 B"),
        ("作者：王芳? ? ? ?时间：2020-05-06", "作者：王芳 时间：2020-05-06"),
        ("第一章? ? ? ? 总则", "第一章 总则"),
        ("工会办公室? ? ? ? ", "工会办公室"),
        ("? ? ? ? ? ?2020年5月6日", "2020年5月6日"),
        ("姓名? ? 单位? ? 职务", "姓名 单位 职务"),
        ("？ ? ？ 工会要办事。\n? ? 职工要参加。", "工会要办事。\n职工要参加。"),
    ],
)
def test_question_marks_that_were_spaces(damaged, clean):
    assert drop_question_indents(damaged) == clean


@pytest.mark.parametrize(
    "text",
    [
        "你听见了吗? ? ?",
        "到底是谁? ? ? 没有人说话。",
        "去不去? ? ?",
        "怎么办? ? ? ? 没有办法。",
        "好? ? 好。",
        "??? ???",
    ],
)
def test_questions_stay_questions(text):
    assert drop_question_indents(text) == text


# --- boilerplate ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "分享到: | 更多 |",
        "分享到：微信 微博 QQ空间",
        "分享到 新浪微博 | 腾讯微博 | 人人网",
        "一键分享：微信、微博",
        "首页 > 论文 > 工会",
        "首頁 » 工會論文 » 正文",
        "您的位置：首页 > 论文 > 正文",
        "当前位置:某某网>论文>正文",
        "工作总结 >> 工会 >> 正文",
        "论文部分内容阅读",
        "【论文部分内容阅读】",
        "導語:某某一文來源于網友上傳,不代表本站觀點,歡迎參考。",
        "声明：本文版权归原作者所有，转载请联系本站。",
        "免责声明：本站文章仅供参考，不代表本站立场，如有侵权请联系删除。",
        "以上内容仅为个人观点，不代表本站立场。",
        "如有侵权，请联系我们删除。",
        "（责任编辑：李明）",
        "责任编辑 李明",
        "編輯：李明 校對：王芳",
        "【编辑:李明】",
        "责编/李明",
        "小编：李明",
        "一审：李明 二审：王芳 三审：赵毅",
        "（李明 摄）",
        "王芳/摄",
        "阅读(12345)",
        "浏览次数：1024",
        "点击数:88 评论:4 点赞:5",
        "已有 123 人阅读",
        "本文已被阅读 345 次",
        "点击下载全文",
        "全文阅读>>",
        "点击阅读全文>>",
        "展开全文",
        "扫码关注公众号",
        "扫描下方二维码，关注我们的公众号",
        "长按二维码关注",
        "欢迎关注微信公众号“某某工会”",
        "版权所有 某某网",
        "Copyright © 2011-2022 某某网 All Rights Reserved",
        "© 2022 某某网",
        "京ICP备12345678号-1",
        "京公网安备 11010802012345号",
        "转载请注明出处：某某网",
        "未经授权，不得转载",
        "本文未经许可，禁止转载。",
        "上一篇：没有了",
        "下一篇：某厂工会的三条经验",
        "上一篇 | 下一篇",
        "1 2 3 下一页",
        "上一页 1 2 3 4 下一页 尾页",
        "首页 上一页 下一页 尾页",
        "[1] [2] [3] 下一页",
        "第1页 共3页",
        "- 12 -",
        "【字号：大 中 小】",
        "字体：大 中 小 打印 关闭",
        "【打印】【关闭】【返回顶部】",
        "[收藏] [打印本页] [关闭窗口]",
        "技术支持：某某公司",
        "标签：工会 基层 职工",
        "Tags: 工会,基层",
        "本文链接：https://example.org/a",
        "↓↓↓ 点击“阅读原文”报名",
        "▼ 更多精彩",
        "点击名片，关注“某某职工之家”",
        "喜欢就点个赞和在看吧",
        "觉得不错，请点赞、在看、转发",
        "点个“赞”再走吧",
        "分享、收藏、在看，三连支持一下",
        "喜欢此内容的人还喜欢",
        "往期回顾",
        "写留言",
        "举报/反馈",
        "（更多新闻资讯，请下载某某新闻客户端）",
        "下载某某新闻APP，阅读更多",
        "关键词阅读：工会 职工",
        "阅读下一篇：账本的来历",
        "最后更新于：2022年08月09日",
        "[ 此贴被李明在2012-08-09 11:20重新编辑 ]",
        "本文由 李明 于 2022-8-9 发布",
        "文章点击：120",
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_the_sites_own_lines_go(line, place):
    essay = f"谈谈工会的一件小事\n{FIRST}\n{MIDDLE}\n{LAST}"
    page = f"{line}\n{essay}" if place == "above" else f"{essay}\n{line}"
    assert drop_boilerplate_lines(page).strip() == essay


@pytest.mark.parametrize(
    "line",
    [
        "分享到的经验要写下来，让别的工会少走弯路。",
        "首页上登的是职工的照片。",
        "我们的位置在职工中间。",
        "更多的职工走进了职工之家",
        "声明：我们工会坚决维护职工的权益，说到做到。",
        "责任编辑是个苦差事，他一干就是二十年。",
        "编辑部的职工选出了工会小组长",
        "一审：支持职工",
        "二审判决维持了原判",
        "校对工王芳：二十年没有错一个字",
        "审核 通过",
        "摄影展上的职工",
        "阅读改变命运",
        "阅读100本书的职工得了奖",
        "点击率不是目的",
        "全文阅读一遍，再逐条讨论。",
        "下载的文件要存好。",
        "扫码入会方便了职工",
        "关注职工的公众号办得好，职工爱看。",
        "版权意识要加强",
        "转载这篇文章的人很多，请大家讨论。",
        "未经职代会通过，方案不得实施。",
        "未经职工同意，不得延长工作时间。",
        "上一篇文章说了职代会，这一篇说提案。",
        "第3页的表格要填好",
        "1 2 3 三个车间",
        "字号要大一些，老职工才看得清。",
        "大 中 小",
        "打印",
        "收藏",
        "标签贴在安全帽上，写着血型和电话。",
        "3 > 2 > 1",
        "技术支持小组解决了难题",
        "本站在山顶上，八个职工守了三十年。",
        "一、版权所有",
        "如有侵权行为，职工可以向工会反映，工会必须管。",
        "看完在看台上坐着的职工，他才上场",
        "喜欢下棋的师傅们在看厂里的比赛，谁也不走",
        "点赞、分享和关注，都不如到车间走一走",
        "更多的职工下载了客户端以后来问工会",
        "更多精彩的比赛在车间里",
        "点击鼠标的手，从前是拿锉刀的手",
        "阅读下一篇以前，先把这一篇讲给工友听",
        "最后更新设备的是二车间",
        "二维码",
    ],
)
@pytest.mark.parametrize("place", ["above", "inside", "below"])
def test_what_an_author_writes_stays(line, place):
    title, middle = "谈谈工会的一件小事", MIDDLE
    page = {
        "above": f"{title}\n{line}\n{FIRST}\n{middle}\n{LAST}",
        "inside": f"{title}\n{FIRST}\n{middle}\n{line}\n{middle}\n{LAST}",
        "below": f"{title}\n{FIRST}\n{middle}\n{LAST}\n{line}",
    }[place]
    assert drop_boilerplate_lines(page) == page
    assert drop_trailing_credits(page) == page


@pytest.mark.parametrize("line", ["编辑：李明", "上一篇：没有了", "标签：工会 基层", "阅读(123)"])
def test_a_line_that_may_be_the_authors_stays_inside_the_essay(line):
    page = f"谈谈工会的一件小事\n{FIRST}\n{MIDDLE}\n{line}\n{MIDDLE}\n{LAST}"
    assert drop_boilerplate_lines(page) == page


@pytest.mark.parametrize(
    "head", ["相关推荐", "相关文章：", "【相关阅读】", "猜你喜欢", "热门文章", "为您推荐"]
)
def test_a_block_of_links_goes_with_its_heading(head):
    essay = f"谈谈工会的一件小事\n{FIRST}\n{LAST}\n"
    assert (
        drop_boilerplate_lines(f"{essay}{head}\n工会工作总结\n如何做好基层工会\n工会主席述职报告")
        == essay
    )


@pytest.mark.parametrize(
    "block",
    [
        f"相关推荐\n{FIRST}",
        "延伸阅读\n《工会法》释义\n《劳动合同法》一百问",
        "相关文章\n（作者：王芳）",
        "相关推荐办法\n推荐人选\n张榜公布",
    ],
)
def test_what_only_begins_like_a_block_of_links_stays(block):
    page = f"谈谈工会的一件小事\n{FIRST}\n{LAST}\n{block}"
    assert drop_boilerplate_lines(page) == page


@pytest.mark.parametrize(
    "credit",
    [
        "（责任编辑：李明）",
        "(責編:李明 校對:王芳)",
        "【编辑：李明】",
        " 责任编辑：李明",
        "（李明 摄）",
    ],
)
def test_a_credit_behind_the_last_sentence_goes(credit):
    assert drop_trailing_credits(f"{FIRST}\n{LAST}{credit}") == f"{FIRST}\n{LAST}"


@pytest.mark.parametrize(
    "tail", ["（作者：王芳 编辑：李明）", "（编辑部设在工会）", "（王芳）", "（完）"]
)
def test_other_brackets_at_the_end_stay(tail):
    assert drop_trailing_credits(f"{FIRST}\n{LAST}{tail}") == f"{FIRST}\n{LAST}{tail}"


@pytest.mark.parametrize(
    "copies",
    [
        "工会的力量在基层\n工会的力量在基层",
        "工会的力量在基层\n工會的力量在基層\n工会的力量在基层",
        "工会的力量在基层_某某论文网\n工会的力量在基层",
        "某某网 - 工会的力量在基层\n工会的力量在基层",
        "工会的力量在基层\n标题：工会的力量在基层",
        "工会的力量在基层\n《工会的力量在基层》",
        "工会的力量在基层|工会论文|某某网\n工会的力量在基层",
    ],
)
def test_one_title_is_kept_of_several(copies):
    assert drop_repeated_titles(f"{copies}\n{FIRST}") == f"工会的力量在基层\n{FIRST}"


@pytest.mark.parametrize("behind", ["_某某论文网", " - 工会范文网", "_工会论文", " | example.com"])
def test_the_sites_name_behind_the_only_title_goes(behind):
    assert (
        drop_repeated_titles(f"工会的力量在基层{behind}\n{FIRST}") == f"工会的力量在基层\n{FIRST}"
    )


# --- copies ---------------------------------------------------------------------------------


def annotated(text):
    hant = damage.to_traditional(text)
    return damage.annotate(damage.narrow(hant), damage.keys_of(hant, 8))


def letters(text):
    plain = drop_pinyin_annotations(text)
    return "".join(char for char in script.fold(plain) if char.isalnum())


@pytest.mark.parametrize(
    "copies",
    [
        f"{BODY}\n{BODY}",
        f"{BODY}\n{BODY}\n{BODY}",
        BODY.replace("\n", "") * 2,
        f"{BODY}\n{BODY}".replace("\n", "\n\n"),
        f"{BODY}\n" + BODY.replace("\n", ""),
        f"{BODY}\n" + script.convert(BODY, script.HANT),
        f"{BODY}\n" + annotated(BODY),
        annotated(BODY) + f"\n{BODY}",
        f"{BODY}\n" + BODY.replace("一", "壹"),
        f"{BODY}\n" + damage.narrow(BODY),
        f"{BODY}\n" + "\n".join(PARAGRAPHS[:3] + PARAGRAPHS[5:]),
        "\n".join(PARAGRAPHS[:3] + PARAGRAPHS[5:]) + f"\n{BODY}",
        f"{BODY}\n" + "\n".join(PARAGRAPHS[:6]),
        "\n".join(f"{paragraph}\n{paragraph}" for paragraph in PARAGRAPHS),
        BODY[:300] + f"……\n{BODY}",
        f"{BODY}\n" + BODY.replace("三车间去了三回", "三车?ル去了三回"),
    ],
)
def test_one_copy_is_left(copies):
    assert letters(drop_duplicate_body(f"标题\n{copies}")) == letters(f"标题\n{BODY}")


def test_the_copy_with_less_damage_is_kept():
    kept = drop_duplicate_body(annotated(BODY) + f"\n{BODY}")
    assert kept == BODY


SHORT = (
    "班前会开得短，五分钟说完三件事，谁上谁下，一听就明白。",
    "食堂的门朝北，排队的人站在风口里，取餐的窗子挪到了走廊。",
    "账目贴在楼梯口，一季一换，谁都可以拿笔在旁边打问号。",
)


def test_a_short_body_pasted_twice_is_one_and_where_the_copies_differ_both_stay():
    body = "\n".join(SHORT)
    assert drop_duplicate_body(f"三件小事\n{body}\n{body}") == f"三件小事\n{body}\n"
    with_more = "\n".join([*SHORT[:2], "这一句只在后一份里，别处没有。", SHORT[2]])
    kept = drop_duplicate_body(f"三件小事\n{body}\n{with_more}")
    assert kept.strip() == f"三件小事\n{with_more}"
    differing = body.replace("五分钟", "六分钟")
    page = f"三件小事\n{body}\n{differing}"
    assert drop_duplicate_body(page) == page
    assert [flag.kind for flag in flags(drop_duplicate_body, page)] == ["duplicate-part"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("三车间去了三回", "三车间去了五回"),
        ("十个月以后再回去看。", "十个月以后不再去了。"),
        ("一车间有", "头车间有"),
    ],
)
def test_copies_that_differ_in_what_they_say_both_stay_flagged(old, new):
    page = f"标题\n{BODY}\n{BODY.replace(old, new)}"
    assert drop_duplicate_body(page) == page
    found = flags(drop_duplicate_body, page)
    assert [flag.kind for flag in found] == ["duplicate-part"]
    assert found[0].start > len(BODY)


QUOTE = (
    "第六条规定：“维护职工合法权益、竭诚服务职工群众是工会的基本职责。工会在维护总体利益的同时，代表和维护职工的合法权益。"
    "工会通过平等协商和集体合同制度等，推动健全劳动关系协调机制，维护职工劳动权益，构建和谐劳动关系。工会依照法律规定通过"
    "职工代表大会或者其他形式，组织职工参与本单位的民主选举、民主协商、民主决策、民主管理和民主监督，密切联系职工，"
    "听取和反映职工的意见和要求，关心职工的生活，帮助职工解决困难，全心全意为职工服务。”"
)


@pytest.mark.parametrize(
    "page",
    [
        f"{QUOTE}\n{BODY}\n{QUOTE}",
        f"{PARAGRAPHS[0]}{QUOTE}\n{BODY}\n{PARAGRAPHS[1]}{QUOTE}",
        f"标题\n摘要：{''.join(PARAGRAPHS[:5])}\n别的话。\n{BODY}",
        f"标题\n{PARAGRAPHS[0]}{PARAGRAPHS[1]}\n引言。\n{PARAGRAPHS[0]}{PARAGRAPHS[1]}再说几句。\n{PARAGRAPHS[2]}",
        "\n".join(["歌里唱道", "团结就是力量", "这力量是铁", "这力量是钢"] * 30),
        "\n".join(f"{paragraph}\n职工在哪里，工会就在哪里。" for paragraph in PARAGRAPHS),
        BODY,
    ],
)
def test_quotations_leads_and_refrains_stay(page):
    assert drop_duplicate_body(page) == page


# --- giant paragraphs -----------------------------------------------------------------------

FILL = "听职工说话，替职工办事。" * 20


def breaks(text):
    return [
        (text[flag.start : flag.end], flag.candidates[0]) for flag in flags(suggest_breaks, text)
    ]


@pytest.mark.parametrize(
    "markers",
    [
        ["首先", "其次", "再次", "最后"],
        ["一是", "二是", "三是"],
        ["一要", "二要", "三要", "四要"],
        ["第一", "第二", "第三"],
        ["首先", "其次", "第三"],
        ["壹是", "第二", "三是"],
        ["（一）", "（二）", "（三）"],
        ["①", "②", "③"],
    ],
)
def test_a_series_in_a_giant_paragraph_is_suggested(markers):
    text = "开头说一句。" + "".join(f"{marker}，要走访。{FILL}" for marker in markers)
    assert breaks(text) == [(marker, f"\n{marker}") for marker in markers]


def test_a_series_within_a_series_is_followed():
    order = ["一是", "第二", "一是", "二是", "第三", "第三", "第四"]
    text = "开头。" + "".join(f"{marker}，要走访。{FILL}" for marker in order)
    assert [marker for marker, _ in breaks(text)] == order


@pytest.mark.parametrize(
    "text",
    [
        f"第一要务是发展。{FILL * 3}第二，没有第一。",
        f"第一线要去。{FILL * 3}第一责任人要到。",
        f"一是，要走访。{FILL * 3}三是，跳过了第二。",
        f"{FILL * 3}善于换角度，一是要走，二是要看，三是要听。",
        f"{FILL * 3}能力有三：一是走；二是看；三是听。",
        f"首先，要走访。{FILL * 3}",
        f"首先，要走访。\n{FILL}\n其次，要回访。",
        f"{FILL * 3}一切为了职工。二十年过去了。三个车间都来了。",
    ],
)
def test_no_break_is_suggested_without_a_series(text):
    assert breaks(text) == []


# --- rewriting ------------------------------------------------------------------------------


def test_swapped_words_are_flagged_where_a_page_has_several():
    page = "不時創新工作思路，發明特色，工會才干充溢活力。"
    found = flags(flag_rewriting, page)
    assert [page[flag.start : flag.end] for flag in found] == ["不時", "發明", "才干", "充溢"]
    assert [flag.candidates for flag in found] == [("不斷",), ("創造",), ("才能",), ("充滿",)]
    assert not any(flag.blocking for flag in found)
    assert not flags(flag_rewriting, "不時創新工作思路，發明特色。")


@pytest.mark.parametrize("text", ["發展的一年，年。也是", "黨成立周年，也是", "于年月日，在北京"])
def test_a_lost_number_is_flagged(text):
    assert len(flags(flag_rewriting, text)) == 1


@pytest.mark.parametrize("text", ["建厂周年纪念", "年、月、日", "签上年月日。", "一年，又一年。"])
def test_no_number_is_missed_where_none_was(text):
    assert flags(flag_rewriting, text) == []


# --- whatever comes -------------------------------------------------------------------------

ALPHABET = "工會会(huì)（）?？，。、：；:“”\n 壹一二三四是首先第1>|-_·《》作者时间关键词摘要编辑首页分享l王芳李明年月日2015"


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.text(alphabet=ALPHABET, max_size=400))
def test_no_text_breaks_a_repair_or_the_reading_of_metadata(text):
    record = Record(text)
    run(record, REPAIRS)
    found = extract(record.text)
    assert all(0 <= number < len(record.text.split("\n")) for number in found.lines)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_dates(text):
    parse_date(text)


HOSTILE = {
    "one sentence": lambda size: "工会要到职工中间去听他们说。" * (size // 14),
    "random": lambda size: "".join(random.Random(1).choices("工会要职的一是不了人。", k=size)),
    "one letter": lambda size: "工" * size,
    "lines": lambda size: "\n".join(
        f"{n % 1000}号职工来了，工会要替他办事" for n in range(size // 18)
    ),
    "markers": lambda size: ("首先，" + "其次，" * 3) * (size // 12),
    "crumbs": lambda size: "首页 > " * (size // 5),
    "pinyin": lambda size: "工會(huì)" * (size // 7),
    "digits": lambda size: "1 2 3 " * (size // 6),
    "labels": lambda size: "关键词：工会 " * (size // 7),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_takes_time_in_proportion(kind):
    ours = [repair for repair in REPAIRS if repair.name not in ("realign_bytes_out_of_step",)]

    def read(size: int) -> None:
        record = Record(HOSTILE[kind](size))
        run(record, ours)
        extract(record.text)

    assert is_in_proportion(read)


def test_findings_are_edits_and_flags_of_known_kinds():
    kinds = {
        found.kind
        for repair in REPAIRS
        for found in repair.find(Page(repair.before))
        if isinstance(found, Edit)
    }
    assert kinds <= {
        *("newline", "space", "pinyin-annotation", "boilerplate", "duplicate-body", "numeral-yi"),
        *("punctuation", "variant", "markup", "mojibake", "byte-shift", "code-point"),
        *("contents", "line-join"),
    }


def test_the_authors_keywords_are_kept_and_the_sites_go():
    page = f"标题在此\n关键词：工会,论文\n摘要：办到底。\n关键词：创新；工会\n{FIRST}\n本文关键词：工会,基层"
    assert drop_site_keywords(page) == f"标题在此\n摘要：办到底。\n关键词：创新；工会\n{FIRST}\n"
