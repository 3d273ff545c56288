"""Some 400 inputs made to do harm: each ends within limits of memory and time, and lets nothing through.

What is tried is a pattern in a format at a size; so a new pattern is tried in all of them. They are
read by one worker after the other, as an import reads them.
"""

import itertools
import json
import os
import re
import resource
import signal
import threading
import time
import zipfile
from pathlib import Path

import pytest

from articles.importing import workers
from articles.importing.batch import draft_all
from articles.importing.fields.vocabulary import Vocabulary
from articles.importing.files import ImportFile, collect
from articles.importing.refusals import REFUSALS
from articles.importing.structure.as_html import from_blocks
from articles.text import html

from ..support import formats

LINE = "工會幹部下到班組，先要學會把話聽完。"
PIECES = (
    *("<", "<a", "<!--", "<![", "<![CDATA[", "<!DOCTYPE [", "<?", "</", "<b>", "<p><b>", "<ul><li>"),
    *("<table><tr><td>", "<a href='", "<svg><script>", "<math><mi>", "<template>", "&", "&#", "&#x"),
    *("&lt;", "[", "![", "[a](", "[a]: ", "[[", "](", "> ", "- ", "1. ", "* * *\n", "`", "```\n"),
    *("~~", "**", "_", "*a_", "|", "|a", "|-|\n", "# ", "\n\n", "\t", "\\", "<https://", "$$", ":::"),
    *("(", "（", "「", "“", "《", "壹", "(huì)", "F(xiàn)b", "打?qū)", "\u202e", "\u200b", "\ufeff"),
    *("\x00", "\x1b[", "\r", "\u2028", "*", "＊", "=", "%s", "{{", "{%", "' OR 1=1", "../", "0" * 50),
    *("作者：", "時間：2020年", "□", "\ufffd", "\U0001f600", "e\u0301", "\u0e33", "ﷺ", "ß", "İ"),
)  # fmt: skip
FORMATS = (".txt", ".md", ".html", ".docx", ".row")
LONG = 20_000
"""Characters of each: what takes the square of them is at its limits with few already."""

EVIL = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "<a href=' jAva\tscript:alert(1)'>x</a>",
    "<iframe src=//evil.example></iframe>", "<base href=//evil.example>", "<object data=x></object>",
    "<form action=//evil.example><input></form>", "<style>@import '//evil.example'</style>",
    "<math><mtext><script>alert(1)</script></mtext></math>", "<p style='x:expression(alert(1))'>x</p>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example>",
    "[x](javascript:alert(1))", "![x](javascript:alert(1))", "[x](data:text/html,<script>)",
    "<![CDATA[<script>alert(1)</script>]]>", "<!--><script>alert(1)</script>-->", "<noscript><p title='</noscript><script>alert(1)</script>'>",
)  # fmt: skip
ALIVE = re.compile(
    r"<(?:script|iframe|object|embed|form|input|style|base|meta|link|svg|math|noscript)\b"
    r"|<[^>]*\son\w+\s*=|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):",
    re.IGNORECASE,
)


def packed(text: str, extension: str) -> bytes:
    """Return the bytes of a file of this format with the text in it."""
    if extension == ".docx":
        text = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return formats.word(f"<w:p><w:r><w:t>{LINE}{text}</w:t></w:r></w:p>")
    if extension == ".row":
        return json.dumps({"title": "話", "body": f"<p>{LINE}</p>{text}"}).encode()
    return f"{LINE}\n\n{text}".encode()


CASES = {
    f"{number}{extension}": (lambda piece=piece, e=extension: packed((piece * LONG)[:LONG], e))
    for number, piece in enumerate(PIECES)
    for extension in FORMATS
}
CASES |= {
    f"evil{number}{extension}": (lambda evil=evil, e=extension: packed(f"{evil}\n\n{LINE}", e))
    for number, evil in enumerate(EVIL)
    for extension in FORMATS
}
CASES |= {
    "wide.md": lambda: ("|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + "|b|\n" * 20_000).encode(),
    "deep.md": lambda: "\n".join("> " * n + "工" for n in range(500)).encode(),
    "lists.md": lambda: "\n".join("  " * n + "- 工" for n in range(400)).encode(),
    "references.md": lambda: ("[a]: /" + "x" * 50_000 + "\n\n" + "[a]" * 30_000).encode(),
    "pieces.row": lambda: ('{"body": "' + LINE + '", "x": [' + "[]," * 60_000 + "[]]}").encode(),
    "names.row": lambda: ("{" + "".join(f'"{n}":"a",' for n in range(30_000)) + f'"body":"{LINE}"}}').encode(),
}  # fmt: skip
assert len(CASES) >= 400
STOPPED = {"references.md"}
"""What would take more, and is stopped: 30,000 links to one long address are 1.5 GB of them."""


def files(names) -> list[ImportFile]:
    return [ImportFile(name, f"/{name}", name, CASES[name]) for name in names]


MEMORY, SECONDS = 120 * 1024 * 1024, 10
"""What none of them may take: of the processor three times what the dearest takes on a slow machine."""


@pytest.mark.takes_long
def test_none_takes_more_than_its_share_and_nothing_gets_through(monkeypatch):
    """Limits as tight as what is to be shown: who goes over one is refused for that."""
    monkeypatch.setattr(workers, "MEMORY", MEMORY)
    monkeypatch.setattr(workers, "SECONDS", SECONDS)
    read = 0
    for drafted in draft_all(files(CASES), vocabulary=Vocabulary({}), jobs=2):
        name = drafted.file.name
        assert drafted.refusal is None or drafted.refusal.code in REFUSALS
        assert (drafted.refusal == workers.HEAVY) == (name in STOPPED), name
        assert drafted.refusal is None or drafted.refusal.code != "importer-failed", (
            name,
            drafted.error,
        )
        if drafted.draft:
            read += 1
            shown = html.sanitise(from_blocks(drafted.draft.blocks))
            assert not ALIVE.search(shown), (name, ALIVE.search(shown))
    assert read > len(CASES) / 2


class TestWorker:
    """A worker under limits, with what goes over them put in the place of the pipeline."""

    @pytest.fixture
    def worker(self, monkeypatch):
        """Return a function that starts a worker which does something else than draft."""
        started = []

        def start(draft) -> workers.Worker:
            monkeypatch.setattr(workers, "make_draft", draft)
            started.append(workers.Worker((None, Vocabulary({}), ())))
            return started[-1]

        yield start
        for one in started:
            one.end()

    def test_what_takes_all_memory_costs_its_file_alone(self, worker, monkeypatch):
        monkeypatch.setattr(workers, "MEMORY", 100 * 1024 * 1024)

        def draft(raw, name, **how):
            return raw * (1 << 30) if name == "much" else name

        reads = worker(draft)
        assert reads.draft(b"x", "a") == ("a", None)
        assert reads.draft(b"x", "much") == (None, workers.HEAVY)
        assert reads.draft(b"x", "b") == ("b", None)

    def test_what_takes_all_time_costs_its_file_alone(self, worker, monkeypatch):
        monkeypatch.setattr(workers, "SECONDS", 1)

        def draft(raw, name, **how):
            while name == "ever":
                pass
            return name

        reads = worker(draft)
        assert reads.draft(b"", "ever") == (None, workers.HEAVY)
        assert reads.draft(b"", "b") == ("b", None)

    def test_time_is_counted_for_each_file(self, worker, monkeypatch):
        monkeypatch.setattr(workers, "SECONDS", 2)

        def draft(raw, name, **how):
            until = time.process_time() + 0.7
            while time.process_time() < until:
                pass
            return name

        reads = worker(draft)
        assert [reads.draft(b"", "a")[0] for _ in range(5)] == ["a"] * 5

    def test_what_waits_for_ever_is_given_up(self, worker, monkeypatch):
        monkeypatch.setattr(workers, "_WALL", 0.2)
        reads = worker(lambda raw, name, **how: threading.Event().wait())
        assert reads.draft(b"", "a") == (None, workers.HEAVY)

    def test_what_comes_out_is_limited(self, worker, monkeypatch):
        monkeypatch.setattr(workers, "OUTPUT", 1000)
        reads = worker(lambda raw, name, **how: raw * 2000 if name == "much" else name)
        assert reads.draft(b"x", "much")[1] is not None
        assert reads.draft(b"x", "a") == ("a", None)

    def test_one_that_dies_of_its_file_costs_that_file(self, worker):
        def draft(raw, name, **how):
            if name == "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            return name

        reads = worker(draft)
        assert reads.draft(b"", "crash") == (None, workers.DIED)
        assert reads.draft(b"", "a") == ("a", None)

    def test_one_that_was_killed_by_somebody_else_is_followed_by_another(self, worker, tmp_path):
        def draft(raw, name, **how):
            if not (tmp_path / "killed").exists():
                (tmp_path / "killed").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return name

        assert worker(draft).draft(b"", "a") == ("a", None)

    def test_it_keeps_nothing_open_of_its_parent(self, worker, tmp_path):
        def draft(raw, name, **how):
            opened = Path("/proc/self/fd").iterdir()
            return [str(one.readlink()) for one in opened if one.exists()]

        with (tmp_path / "open").open("w"):
            found = worker(draft).draft(b"", "a")[0]
        assert str(tmp_path / "open") not in found

    def test_its_limits_are_those_of_the_system(self, worker):
        reads = worker(lambda raw, name, **how: resource.getrlimit(resource.RLIMIT_AS)[0])
        assert 0 < reads.draft(b"", "a")[0] < 1 << 40


class TestFilesThatAreNone:
    """What lies in a folder and is no file, or goes on for ever."""

    def only(self, path) -> str:
        (drafted,) = draft_all(collect([path], lambda *_: None), vocabulary=Vocabulary({}))
        return drafted.refusal.code

    @pytest.mark.parametrize("name", ["pipe.txt", "pipe.jsonl", "pipe.csv", "pipe.zip"])
    def test_a_pipe_is_waited_for_by_nobody(self, tmp_path, name):
        os.mkfifo(tmp_path / name)
        assert self.only(tmp_path) == "no-file"

    def test_neither_is_a_device_read_to_its_end(self, tmp_path):
        (tmp_path / "zero.txt").symlink_to("/dev/zero")
        assert self.only(tmp_path / "zero.txt") == "no-file"

    def test_what_grows_while_it_is_read_is_read_as_far_as_it_went(self, tmp_path):
        table = tmp_path / "a.jsonl"
        row = f'{{"title": "話", "body": "{LINE}"}}\n'
        table.write_text(row)
        found = []
        for file in itertools.islice(collect([table], lambda *_: None), 5):
            found.append(file)
            with table.open("a") as more:
                more.write(row)
        assert len(found) == 1

    def test_a_row_of_a_hundred_thousand_pieces_is_refused_before_it_is_taken_apart(self, tmp_path):
        (tmp_path / "a.jsonl").write_text('{"body": [' + "[]," * 500_000 + "[]]}\n")
        assert self.only(tmp_path / "a.jsonl") == "row-pieces"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_a_name_that_an_archive_has_twice_is_told_as_that(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for number in range(3):
                archive.writestr("一.txt", f"話{number}\n\n{LINE}\n{LINE}")
        codes = [
            drafted.refusal and drafted.refusal.code
            for drafted in draft_all(
                collect([tmp_path], lambda *_: None), vocabulary=Vocabulary({})
            )
        ]
        assert codes == [None, "member-twice", "member-twice"]


@pytest.mark.parametrize("markup", ["<![", "<![if x]>工<![endif]>", "<p>工<![CDATA[會]]></p>", "<![a", "<!["*9])  # fmt: skip
def test_markup_that_python_stumbles_over_is_text_or_nothing(markup):
    assert html.map_text(markup, str.upper) is not None
    assert "<![" not in html.sanitise(markup)
