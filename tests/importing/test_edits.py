"""Edits compose: what a curator sees always leads from the source to the text, and back."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.edits import Edit, EditError, Flag, Record, apply, compose, invert, pieces
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile


@st.composite
def steps(draw):
    """Draw a text and one to four steps of edits, each made for what the last one left."""
    text = draw(st.text("工會職a0,\n", max_size=24))
    rounds, current = [], text
    for number in range(draw(st.integers(1, 4))):
        edits, position = [], 0
        while position <= len(current) and draw(st.booleans()):
            start = draw(st.integers(position, min(len(current), position + 4)))
            end = draw(st.integers(start, min(len(current), start + 4)))
            after = draw(st.text("一xY", max_size=3))
            clash = edits and edits[-1].start == edits[-1].end == start
            if current[start:end] != after and not (clash or (start == end and _ends(edits, end))):
                edits.append(Edit(f"k{number}", start, end, current[start:end], after))
                position = end
            position += 1
        rounds.append(edits)
        current = apply(current, edits)
    return text, rounds, current


def _ends(edits, position):
    return bool(edits) and edits[-1].end == position


@settings(max_examples=500)
@given(steps())
def test_recorded_edits_lead_from_the_source_to_the_text_and_back(drawn):
    source, rounds, final = drawn
    record = Record(source)
    for edits in rounds:
        record.apply(edits)
    assert record.text == final
    shuffled = random.Random(0).sample(record.edits, len(record.edits))
    assert apply(source, shuffled) == final
    assert apply(final, invert(record.edits)) == source


def test_a_deletion_keeps_the_entries_of_what_it_swallows():
    record = Record("導(dǎo)語:廣告\n正文")
    record.apply([Edit("pinyin-annotation", 1, 6, "(dǎo)", "")])
    record.apply([Edit("boilerplate", 0, 6, "導語:廣告\n", "")])
    assert record.text == "正文"
    assert [(e.kind, e.before) for e in record.edits] == [
        ("boilerplate", "導"),
        ("pinyin-annotation", "(dǎo)"),
        ("boilerplate", "語:廣告\n"),
    ]


def test_a_replacement_over_an_edit_becomes_one_edit_of_the_later_kind():
    edits = compose(
        "壹,贰", [Edit("a", 0, 1, "壹", "一")], "一,贰", [Edit("b", 0, 2, "一,", "二，")]
    )
    assert edits == [Edit("b", 0, 2, "壹,", "二，")]


def test_an_edit_made_of_several_is_of_the_gravest_kind():
    [edit] = compose(
        "?qū",
        [Edit("byte-shift", 0, 3, "?qū", "實,")],
        "實,",
        [Edit("punctuation", 0, 2, "實,", "實，")],
    )
    assert edit == Edit("byte-shift", 0, 3, "?qū", "實，")


def test_flags_point_into_the_source():
    record = Record("會(huì)打?qū)嵎")
    record.apply([Edit("pinyin-annotation", 1, 6, "(huì)", "")])
    record.apply([Flag("lost-text", 2, 6, "")])
    assert record.source[record.flags[0].start : record.flags[0].end] == "?qū)"


@pytest.mark.parametrize(
    "edits",
    [
        [Edit("a", 0, 2, "工會", ""), Edit("b", 1, 3, "會職", "")],
        [Edit("a", 1, 1, "", "x"), Edit("b", 1, 1, "", "y")],
        [Edit("a", 0, 1, "會", "")],
    ],
)
def test_edits_that_do_not_fit_the_text_are_refused(edits):
    with pytest.raises(EditError):
        apply("工會職工", edits)


def test_pieces_show_the_whole_source_in_order():
    text = "會(huì)員,好"
    edits = [{"start": 1, "end": 6, "before": "(huì)", "after": ""}]
    assert "".join(kept for kept, _ in pieces(text, edits)) == text


_NOISY = st.lists(
    st.sampled_from(
        [
            *("工會(huì)", "會(huì)", "壹是", "一", "，", ",", "(", ")", '"', "*", "?", "\x0b"),
            *("分享到: | 更多 |", "导语:一文来源于网友上传,欢迎参考", "摘要:", "作者:王芳", "。"),
            *("关键词:工会 创新", "一、標題", "\r\n", "\n", "\u200b", "　", "“", "”", "* * *"),
            *("A", "1", "职工", "劳动者要" * 30),
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=500)
@given(_NOISY)
def test_the_pipeline_accounts_for_every_change_of_any_text(text):
    try:
        draft = make_draft(text.encode(), "a.txt")
    except UnreadableFile:
        return
    assert apply(draft.source_text, draft.edits) == draft.clean_text
    assert apply(draft.clean_text, invert(draft.edits)) == draft.source_text
    assert all(0 <= f.start <= f.end <= len(text) for f in draft.flags)


@settings(max_examples=30)
@given(_NOISY, st.sampled_from(["打?qū)嵎⻊?wù)", "年??h", "實?;鶎庸^續", "?(gè)"]), _NOISY)
def test_stretches_out_of_step_are_accounted_for_too(before, damaged, after):
    try:
        draft = make_draft((before + damaged + after).encode(), "a.txt")
    except UnreadableFile:
        return
    assert apply(draft.source_text, draft.edits) == draft.clean_text
    assert apply(draft.clean_text, invert(draft.edits)) == draft.source_text


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_pipeline(raw):
    try:
        draft = make_draft(raw, "a.txt")
    except UnreadableFile as error:
        assert str(error).endswith(".")
    else:
        assert apply(draft.source_text, draft.edits) == draft.clean_text


@settings(max_examples=200)
@given(_NOISY)
def test_places_in_the_source_are_found_in_the_text(text):
    try:
        draft = make_draft(text.encode(), "a.txt")
    except UnreadableFile:
        return
    record = Record(draft.source_text, edits=draft.edits)
    kept = set(range(len(text))) - {n for e in draft.edits for n in range(e.start, e.end)}
    spans = record.spans_in_text((n, n + 1) for n in range(len(text)))
    for place, (start, end) in enumerate(spans):
        assert 0 <= start <= end <= len(record.text)
        if place in kept:
            assert record.text[start:end] == text[place]
    points = record.spans_in_text((n, n) for n in range(len(text)))
    assert [start for start, _ in points] == sorted(start for start, _ in points)
    assert all(start == end for start, end in points)
