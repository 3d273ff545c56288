"""A change of a source's text, made in a body that was changed by hand: in its place, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.intake.patching import NoPlace, in_place
from articles.text import html

LINES = (
    "夜班的燈亮到天明，工友們把活幹完了才走。",
    "庫房的鑰匙由??h保管，三把鎖換了兩把。",
    "到了年底點一回數，帳和東西對得上。",
)
TEXT = "\n".join(LINES)
BODY = "\n".join(f"<p>{line}</p>" for line in LINES)


def patched(body: str, old="??h", new="老班長") -> str:
    return in_place(body, TEXT, TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("by_hand", "into"),
    [
        ("庫房", "倉庫"),
        ("鑰匙由", "鎖匙歸"),
        ("保管，", "管，"),
        ("庫房的鑰匙由", "由"),
        ("??h保管，三把鎖換了兩把。", "??h保管。"),
        ("三把鎖", "<strong>三把</strong>鎖"),
        ("庫房的鑰匙", "<em>庫房</em>的鑰匙"),
        ("由", "&amp;由"),
        ("</p>\n<p>庫房", "庫房"),
        ("夜班的燈亮到天明，", "全改了，"),
    ],
)
def test_its_place_is_found_beside_what_was_changed(by_hand, into):
    body = BODY.replace(by_hand, into)
    assert body != BODY
    assert patched(body) == body.replace("??h", "老班長")


@pytest.mark.parametrize(
    "body",
    [
        "<p>全改了。</p>",
        BODY * 2,
        BODY.replace("??h", "老班長"),
        BODY.replace("??h", "?<em>?</em>h"),
        '<p><a href="https://x.y/庫房的鑰匙由??h保管，三把鎖換了兩把">頁</a></p>',
        f"<p>編者：{LINES[1]}</p>\n{BODY}",
    ],
    ids=["gone", "twice", "changed", "cut by a tag", "an address", "quoted"],
)
def test_where_it_is_not_certain_nothing_is_changed(body):
    with pytest.raises(NoPlace):
        patched(body)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (BODY * 2, 2),
        (f"<p>編者：{LINES[1]}</p>\n{BODY}", 2),
        ("<p>鑰匙由??h保管。</p><p>另有??x。</p>" * 9, 3),
        ("<p>全改了，??h也在。</p>", 0),
        (BODY.replace("??h", "?<em>?</em>h"), 0),
    ],
)
def test_where_it_is_not_certain_the_likely_places_are_offered(body, count):
    with pytest.raises(NoPlace) as why:
        patched(body)
    offers = why.value.offers
    assert len(offers) == count
    for offer in offers:
        done = in_place(body, TEXT, TEXT.replace("??h", "老班長"), offer.token)
        assert done.count("老班長") == 1
        assert done.replace("老班長", "??h") == body
        assert f"{offer.left}{offer.new}{offer.right}" in html.plain_text(done)
        with pytest.raises(NoPlace):  # the body is no longer the one that was looked at
            in_place(f"{body}<p>新</p>", TEXT, TEXT.replace("??h", "老班長"), offer.token)


def test_words_put_in_are_offered_beside_what_stood_there():
    before, after = "工會要去問，也要去聽。", "工會要常去問，也要去聽。"
    body = "<p>工會要去問職工。</p><p>工會要去問，也要聽。</p>" * 2
    with pytest.raises(NoPlace) as why:
        in_place(body, before, after)
    done = [in_place(body, before, after, offer.token) for offer in why.value.offers]
    assert all(one.replace("常", "", 1) == body for one in done)
    assert "工會要常去問，也要聽" in done[0]


def test_what_is_put_in_is_text():
    assert "由&lt;b&gt;&amp;保管" in patched(BODY, new="<b>&")


SOME = st.text("工會去問聽說", min_size=6, max_size=30)
OTHER = st.text("甲乙丙丁", max_size=8)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["drop", "twice", "swap", "new", "cut", "put"]), st.integers(0, 5), OTHER
    ),
    max_size=3,
)


@given(st.lists(SOME, min_size=1, max_size=5), st.integers(0, 4), st.integers(0, 30), DEEDS)
def test_never_in_a_wrong_place(lines, number, at, deeds):
    """Lines that read much alike, and among them one with a change in it; a curator drops, doubles,
    moves, shortens and lengthens lines. What was changed is found in its own line, or not."""
    number %= len(lines)
    at %= len(lines[number])
    before, after = list(lines), list(lines)
    after[number] = f"{lines[number][:at]}★{lines[number][at + 1 :]}"
    standing = list(enumerate(lines))
    for deed, place, words in deeds:
        if not standing:
            break
        place %= len(standing)
        its, line = standing[place]
        match deed:
            case "drop":
                del standing[place]
            case "twice":
                standing.insert(place, (its, line))
            case "swap":
                standing.append(standing.pop(place))
            case "new":
                standing.insert(place, (-1, words))
            case "cut":
                standing[place] = (its, line[2:])
            case "put":
                standing[place] = (its, line + words)
    body = "\n".join(f"<p>{line}</p>" for _its, line in standing)
    try:
        found = in_place(body, "\n".join(before), "\n".join(after))
    except NoPlace:
        return
    changed = [n for n, line in enumerate(found.split("\n")) if "★" in line]
    assert found.replace("★", lines[number][at]) == body
    assert [standing[n][0] for n in changed] == [number]
