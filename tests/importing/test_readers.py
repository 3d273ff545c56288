"""Bytes to text: the right encoding, or a clear word about what to do."""

import pytest

from articles.importing.readers import MAX_BYTES, UnreadableFile, decode, read

from ..support.places import ESSAYS

TEXTS = {path.name: path.read_text("utf-8").partition("---\n")[2] for path in ESSAYS.iterdir()}
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_essay_is_read_in_every_encoding(name, encoding):
    source = decode(TEXTS[name].encode(encoding))
    assert (source.text, source.encoding, source.certain) == (TEXTS[name], encoding, True)


def test_big5_is_not_taken_for_gb18030():
    raw = "勞動者權益與工會的工作".encode("big5")
    assert raw.decode("gb18030")  # it succeeds, to nonsense
    assert decode(raw).encoding == "big5"


@pytest.mark.parametrize("text", ["工会", "職工代表大會", "一、为了职工"])
def test_a_few_characters_are_enough(text):
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "empty"),
        (b"  \r\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(range(256)) * 40, "not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not text"),
        (b"PK\x03\x04" + bytes(range(200)), "not text"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(raw, word):
    with pytest.raises(UnreadableFile, match=word):
        decode(raw)


def test_a_broken_byte_in_a_long_page_is_shown_and_doubted():
    raw = bytearray(TEXTS["03-cadre-skills.txt"].encode("utf-8"))
    raw[3001] = 0xFF
    source = decode(bytes(raw))
    assert "\ufffd" in source.text
    assert not source.certain


def test_a_forced_encoding_is_taken_at_its_word():
    assert decode("工會".encode("big5"), "big5").text == "工會"
    with pytest.raises(UnreadableFile, match="--encoding"):
        decode("工會".encode("big5"), "utf-8")
    with pytest.raises(UnreadableFile, match="no encoding"):
        decode(b"abc", "klingon")


def test_formats_without_a_reader_and_huge_files_are_named():
    with pytest.raises(UnreadableFile, match=r"\.exe"):
        read(b"MZ", "setup.exe")
    with pytest.raises(UnreadableFile, match="MB"):
        read(b"a" * (MAX_BYTES + 1), "a.txt")
