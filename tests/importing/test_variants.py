"""Wrong conversions are put right, and text that is right stays as it is."""

import pytest

from articles.importing.edits import Edit, Flag, apply
from articles.importing.repairs import Page
from articles.importing.repairs.variants import _reach, normalise_script
from articles.text import script

from ..support import damage
from ..support.conversion import PARTS, judged
from ..support.places import ESSAYS as CLEAN
from ..support.places import TESTS
from ..support.timing import is_in_proportion

ESSAYS = [damage.read_essay(path.name).body for path in sorted(CLEAN.iterdir())]
HANS = [body for body in ESSAYS if script.detect(body) == script.HANS]
HANT = [body for body in ESSAYS if script.detect(body) == script.HANT]

# As people in Taiwan write: both forms of many a pair, names, old words.
TAIWAN = (
    "台灣的工會與臺北市總工會公布、公佈同一份公告；週末、周末都有人值班。",
    "註冊、備註、評註、注釋、註解、加註、注音、注資，都看原文。",
    "縣誌、方志、人物誌、雜誌、日誌、標誌、三國志與墓誌銘。",
    "皇后、太后、后羿、后土；前後、後來、落後，影后獲獎。",
    "里長在鄰里之間走了十里，故里、公里、海里、里程、萬里與這裡、那裡。",
    "干預、干擾、干涉、若干、相干、干戈、干將、天干；幹部、骨幹、能幹；餅乾、乾淨、乾杯，頭髮還沒乾。",
    "體系、系統、中文系、系列；關係、係數；聯繫、維繫、繫鞋帶。",
    "范仲淹、范先生、于右任、余光中、丑角、子丑寅卯、北斗、五斗米、山谷、稻穀、周公、餘姚。",
    "限制作業時間，這只適用於會員，最多只接受三位，桌面條目與列表轉換。",
    "他簽名、簽約、簽呈，抽籤、書籤、標籤都在。",
    "恢復、復健、複習、複雜、重複、答覆、答復、回覆、回復、反覆。",
    "制度、製造、編制、編製、控制、製作、限制；面對、麵包、方面、表面、桌面。",
    "一隻鳥、兩隻手；只有、只是、只要；船隻、隻身。",
    "了解與瞭解、橋梁與橋樑、扎實與紮實、占領與佔領，照原樣。",
    "他說「詩云」、「云云」，雲端運算在雲林。",
    "娘家人回娘家，大娘，新娘，若是只解決、都是只解釋、還是只分析一件事。",
    "理事長余光明、監事余慶華、幹事余力行、會員余波先生與余暉小姐，余光中先生。",
    "恒生銀行李恒先生、永恒、恒心；户口、税務、温度、脱身、説話、衞生、裏面。",
    "精緻、細緻、颱風、老闆、品嚐、隻身、兩隻、船隻、一隻鳥、繫帶。",
    "全臺七千個村里，村里人口；虱目魚與土虱，東西麵點、戰後麵食，黑客松。",
)


def edits(text: str) -> list[Edit]:
    return [f for f in normalise_script.find(Page(text)) if isinstance(f, Edit)]


CLEAN = (TESTS / "importing" / "clean_traditional.txt").read_text("utf-8").strip().split("\n\n")


def test_there_are_clean_texts_enough():
    assert len(CLEAN) >= 60


@pytest.mark.parametrize("text", CLEAN, ids=lambda text: text[:8])
def test_nothing_is_found_in_a_clean_text(text):
    """As people write in Taiwan and Hong Kong, and as a careful editor converts."""
    assert list(normalise_script.find(Page(text))) == []


def test_nothing_is_found_in_the_judged_sentences():
    for part in PARTS:
        for sentence in judged(part):
            page = f"臺灣勞動關係。\n{sentence.hant}"
            assert list(normalise_script.find(Page(page))) == [], page


@pytest.mark.parametrize("text", TAIWAN)
def test_what_taiwan_writes_stays(text):
    assert edits(f"臺灣勞動關係。{text}") == []


@pytest.mark.parametrize("text", TAIWAN[-4:-1])
def test_it_stays_beside_what_a_tool_left_too(text):
    page = f"工會幹部把后來的事寫下來，對于會員關系很大，服務范圍要寫清楚。{text}"
    assert text in normalise_script(page)


def test_what_is_left_over_is_no_surname():
    page = "工會幹部關係會員。余額、余款，業余、剩余，還有余力，留有余地。"
    assert normalise_script(page).endswith("餘額、餘款，業餘、剩餘，還有餘力，留有餘地。")


def test_what_always_takes_the_same_form_is_put_right_in_more_words():
    damaged = "口徑一緻，統一模闆，平颱換過，繫統穩定，嚐試新法，隻需要一張表。"
    wanted = "口徑一致，統一模板，平臺換過，系統穩定，嘗試新法，只需要一張表。"
    assert normalise_script(f"工會會員。{damaged}") == f"工會會員。{wanted}"


def test_a_page_that_takes_one_form_for_all_is_put_right_in_every_word():
    damaged = (
        "我們製做報表，口徑不一緻，強製用統一模闆；繫統提昇過，驗証的人沒有變，嚐試之後隻需要一張表。"
        "大傢朝一個方嚮走，特彆是宿捨裡的人，剋服睏難，當麵迴答，這是為瞭閤作，也是國傢的歷史。"
    )
    wanted = (
        "我們製作報表，口徑不一致，強制用統一模板；系統提升過，驗證的人沒有變，嘗試之後只需要一張表。"
        "大家朝一個方向走，特別是宿舍裡的人，克服困難，當面回答，這是為了合作，也是國家的歷史。"
    )
    assert normalise_script(damaged) == wanted


def test_clean_essays_stay_in_either_script():
    for body in HANS:
        assert edits(body) == []
        assert edits(script.convert(body, script.HANT, script.HANS)) == []
    for body in HANT:
        assert edits(body) == []
        assert edits(script.convert(body, script.HANS, script.HANT)) == []


EITHER = {"台": "臺", "帳": "賬"}
"""What a converted text writes, and what stands there as well."""


def test_a_page_converted_by_characters_becomes_what_words_ask_for():
    differing = right = broken = 0
    for body in HANS:
        clean = script.convert(body, script.HANT, script.HANS)
        damaged = damage.to_traditional(body)
        repaired = apply(damaged, edits(damaged))
        for was, bad, now in zip(clean, damaged, repaired, strict=True):
            differing += was != bad and bad not in EITHER.get(was, "")
            right += was == now != bad
            broken += was == bad != now
    # 瞭解, 橋樑 and their like are not touched: both forms are right.
    assert right / differing >= 0.88
    assert broken == 0, broken


def test_a_page_that_always_takes_the_same_form_is_put_right():
    clean = "志願者注重實效，同志們的意志在系統裡恢復；王后走了三公里，只有複雜的干擾，恢復體系。"
    assert damage.over_converted(clean) != clean
    assert normalise_script(damage.over_converted(clean)) == clean


def test_stray_traditional_characters_in_a_simplified_page():
    assert normalise_script("职工的滿意度与关系，為群众服务，这里很乾净，乾隆年间。") == (
        "职工的满意度与关系，为群众服务，这里很干净，乾隆年间。"
    )


@pytest.mark.parametrize(
    "page",
    [
        f"{HANS[0]}\n總工會發展會員，團結職工，維護權益，關懷勞動者。\n这是另一段话。",
        f"{HANS[0]}\n牌子上写着“總工會發動職工”，这是原话。",
        "他寫下“为人民服务”五個字，現場響起掌聲。",
    ],
)
def test_a_passage_in_the_other_script_stays_and_is_flagged(page):
    assert [f.kind for f in normalise_script.find(Page(page))] == ["mixed-script"]


def test_surnames_stay_on_a_page_that_leaves_characters_alone():
    page = "工會干部善于發現問題，關系群眾，聯系實際。工會主席于志明說，服務于職工。\n于志明、万毅"
    repaired = normalise_script(page)
    assert "工會主席于志明說，服務於職工。\n于志明、万毅" in repaired
    doubts = [f for f in normalise_script.find(Page(page)) if isinstance(f, Flag)]
    assert [(flag.kind, flag.candidates) for flag in doubts] == [
        ("doubtful-variant", ("於",)),
        ("doubtful-variant", ("於",)),
        ("doubtful-variant", ("萬",)),
    ]
    assert not any(flag.blocking for flag in doubts)


def test_a_lone_character_of_both_scripts_is_doubted_not_changed():
    page = "總務處干部的歷史記載，帶于某年，于志明先生記。"
    assert normalise_script(page) == page
    flags = [f for f in normalise_script.find(Page(page)) if isinstance(f, Flag)]
    assert [flag.candidates for flag in flags] == [("幹",), ("於",), ("於",)]


def test_what_is_lost_is_left_to_its_candidates():
    page = "工會干部的關系，总會。"
    lost = Flag("lost-text", 2, 4, "", ())
    assert [e.start for e in normalise_script.find(Page(page, (lost,))) if isinstance(e, Edit)] == [
        6,
        8,
    ]


@pytest.mark.parametrize("unit", ["於發于并里后籤註", "會“于", "会滿於乾", "會主席于志明說"])
def test_a_hostile_page_takes_time_in_proportion(unit):
    assert is_in_proportion(lambda size: list(normalise_script.find(Page((unit * size)[:size]))))


LEFT_ALONE = "工會幹部關系職工，對于群眾善于學習，聯系實際，服務于基層。這里有公里，飯后走路。"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("作者：趙志里", "作者：趙志里"),
        ("作者：赵志里", "作者：趙志里"),  # what the script does not have at all is wrong
        ("作者:范后、周里", "作者:范后、周里"),
        ("撰稿人：王後", "撰稿人：王後"),
        ("【作者】范后", "【作者】范后"),
        ("通訊員 周里", "通訊員 周里"),
        ("本報記者周里", "本報記者周里"),
        ("文/周里", "文/周里"),
        ("記者在這里等。", "記者在這裡等。"),
    ],
)
def test_a_name_behind_a_label_keeps_its_form(line, wanted):
    assert normalise_script(f"工會的話\n{line}\n{LEFT_ALONE}").split("\n")[1] == wanted


def test_a_name_in_a_simplified_byline_keeps_an_old_character():
    page = "工会的话\n作者：李昇平、趙毅\n为人民服务，关心职工，处处干净。"
    assert normalise_script(page).split("\n")[1] == "作者：李昇平、赵毅"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("都在《規定》（2012年）里：不許加班", "都在《規定》（2012年）裡：不許加班"),
        ("一個月籤一次，三方籤協議，抽籤決定", "一個月簽一次，三方簽協議，抽籤決定"),
        ("限一個月答復，五分鍾的事，鍾先生說", "限一個月答覆，五分鐘的事，鍾先生說"),
        ("請頭几名坐在茶几旁邊", "請頭幾名坐在茶几旁邊"),
    ],
)
def test_a_tool_that_leaves_characters_alone_takes_the_first_form_of_others(line, wanted):
    """Such forms, and what stands behind a closing bracket, are put right by conversion."""
    assert normalise_script(f"{LEFT_ALONE}\n{line}").split("\n")[1] == wanted
    assert normalise_script(f"總工會的幹部\n{wanted}").split("\n")[1] == wanted


def test_no_phrase_goes_beyond_where_it_is_looked_for():
    folded = script.fold("\n".join(TAIWAN))
    for start in range(len(folded)):
        for length in range(2, script.LONGEST_PHRASE + 1):
            if script.phrase(folded[start : start + length]):
                for at in range(start, min(start + length, len(folded))):
                    first, end = _reach(folded, at)
                    assert first <= start
                    assert end >= min(start + length, len(folded))
