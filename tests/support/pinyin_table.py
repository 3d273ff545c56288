"""The portal's table of pinyin, as it is made of the package pypinyin:

python -m tests.support.pinyin_table
"""

import gzip

from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

from articles.text.pinyin_table import DATA_FILE


def table() -> str:
    """Return the table: words, with their readings where their characters are read otherwise in
    them, then characters with all their readings."""
    alone = {chr(code): lazy_pinyin(chr(code))[0] for code in pinyin_dict}
    words = []
    for word in sorted(phrases_dict):
        read = lazy_pinyin(word)
        as_characters = [alone.get(char, char) for char in word]
        words.append(word if read == as_characters else f"{word} {' '.join(read)}")
    characters = [f"{chr(code)}{pinyin_dict[code]}" for code in sorted(pinyin_dict)]
    return "\n".join(words) + "\n\n" + "\n".join(characters)


if __name__ == "__main__":
    DATA_FILE.write_bytes(gzip.compress(table().encode(), mtime=0))
