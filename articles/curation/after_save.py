"""What follows from a save: the one place that says so.

Each change of the models on the left is followed by the steps on its right, in this order and in
the transaction of the change. So whatever is saved, by whichever way in, a shell's `save()` among
them, leaves index, near duplicates and what else to read as they must be. Renditions the article
makes itself: they are made of nothing but its own row.

What happens to thousands at once does not go by way of `save()`, and calls the steps it needs:
`publishing`, `merging`, `bulk`, and an import's new files (`intake/new_articles.py`).
"""

from ..models import changes
from ..search.engine import change_words
from ..search.index import index, index_marks, remove
from ..search.related import relate
from .happenings import purged
from .near_duplicates import note_similar
from .pictures import note_pictures

FOLLOWS = (
    (changes.text_saved, (note_similar, note_pictures)),
    (changes.says_all, (index, relate)),
    (changes.authors_set, (index,)),
    (changes.marks_changed, (index_marks,)),
    (changes.going, (remove, purged)),
    (changes.kept_words_changing, (change_words,)),
)


def follow() -> None:
    """Let every change be followed by its steps, from now on."""
    for change, steps in FOLLOWS:
        change.followed_by(*steps)
