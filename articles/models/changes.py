"""Changes that something follows from, in the transaction that makes them.

A row does not know what is made from it: an index, near duplicates, what else to read. The rooms
above hand their steps in when the app starts, all of them in one place,
`articles/curation/after_save.py`. Where nobody did, a change is refused: better than a library that
search knows nothing of.
"""

from collections.abc import Callable


class Change:
    """Something that happens to rows, told to each step in order."""

    def __init__(self, name: str):
        self.name = name
        self._steps: tuple[Callable[..., object], ...] | None = None

    def followed_by(self, *steps: Callable[..., object]) -> None:
        """Let these steps follow, in the place of those there were."""
        self._steps = steps

    def __call__(self, *args, **kwargs) -> None:
        """Do what follows. Raises RuntimeError where nobody has said what that is."""
        if self._steps is None:
            raise RuntimeError(
                f"Nobody has said what follows when {self.name}: call django.setup() first."
            )
        for step in self._steps:
            step(*args, **kwargs)


text_saved = Change("an article's text is saved")
"""With the article, its plain text, its fingerprints or None, and `new`."""

says_all = Change("an article says all that it says")
"""With the keys of articles: text, authors and tags are in place."""

authors_set = Change("the authors of articles are set")
"""With the keys of articles."""

marks_changed = Change("articles lose a tag, or have another in its place")
"""With the keys of articles, of which there may be thousands; their texts stay."""

going = Change("articles are about to be deleted")
"""With the keys of articles."""

kept_words_changing = Change("the words kept for search are about to change")
"""Without anything."""
