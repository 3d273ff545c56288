"""What a Word file holds and the text does not: nothing of it goes without a word to curators.

It stays out of the source text, for readers can look at that: a hidden note is nobody's to read.
"""

from ...edits import Flag

_MESSAGES = {
    "struck": "原檔劃掉的文字沒有匯入：「{}」。",
    "hidden": "原檔隱藏的文字沒有匯入：「{}」。",
    "deleted": "原檔修訂時刪除的文字沒有匯入：「{}」。",
    "reading": "原檔注在字上的讀音沒有匯入：「{}」。",
    "contents": "原檔的目錄沒有匯入：「{}」。",
    "comment": "原檔的批註沒有匯入：「{}」。",
    "formula": "公式的排版沒有保留，只留下一行文字，請對照原檔：「{}」。",
    "sign": "原檔有符號讀不出：「{}」。",
    "object": "原檔有一個內嵌的物件讀不出（{}），請對照原檔。",
    "document": "原檔裡嵌入了另一份文件，那份的文字沒有讀出（{}）；請打開原檔另存後重新匯入。",
}
"""What a curator is told, by kind."""

_RUNNING = ("struck", "hidden", "deleted", "contents")
_LISTED = ("reading", "sign")
"""Kinds whose runs go on as one text where they follow each other, and whose entries stand in one
list for a paragraph."""

_MOST_EACH = 20
"""Flags of a kind that have each their place; of more there is one for the whole file."""

_LONGEST = 1000
"""Characters of what was left out that a message repeats."""


class LeftOut:
    """What was left out so far, and where."""

    def __init__(self) -> None:
        self._found: dict[str, list[list]] = {}  # kind → [text, start, end]
        self._unplaced: list[list] = []
        self._lists: dict[str, list] = {}  # kind → the list of this paragraph
        self._going_on = ""

    def add(self, kind: str, text: str) -> None:
        """Note a text whose place is the present paragraph; runs of text go on as one."""
        if self._going_on == kind and kind in _RUNNING:
            _lengthen(self._found[kind][-1], text)
        elif kind in self._lists:
            _lengthen(self._lists[kind], f"、{text}")
        elif text.strip():
            entry = [text, 0, 0]
            self._found.setdefault(kind, []).append(entry)
            self._unplaced.append(entry)
            self._going_on = kind
            if kind in _LISTED:
                self._lists[kind] = entry

    def add_at(self, kind: str, text: str, start: int, end: int) -> None:
        """Note what stands at [start, end) in a poorer form."""
        self._found.setdefault(kind, []).append([text, start, end])

    def interrupt(self) -> None:
        """Something was kept: what is left out next is another passage."""
        self._going_on = ""

    def place(self, start: int, end: int) -> None:
        """Say where what was noted since stood: in the paragraph at [start, end)."""
        for entry in self._unplaced:
            entry[1:] = (start, end) if start < end else (0, 0)
        self._unplaced.clear()
        self._lists.clear()
        self._going_on = ""

    def flags(self) -> tuple[Flag, ...]:
        """Return a flag a passage, or one a kind where there are many."""
        flags = []
        for kind, entries in self._found.items():
            if kind == "contents" or len(entries) > _MOST_EACH:
                entries = [["；".join(text.strip() for text, _, _ in entries), 0, 0]]
            for text, start, end in entries:
                text = text.strip()
                quoted = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
                message = _MESSAGES[kind].format(quoted)
                flags.append(Flag("dropped", start, end, message, blocking=kind == "document"))
        return tuple(flags)


def _lengthen(entry: list, text: str) -> None:
    if len(entry[0]) <= _LONGEST:
        entry[0] += text
