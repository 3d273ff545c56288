"""What is asked back before a decision on an import is carried out; nothing was done yet."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from .fields_by_hand import Refused
from .patching import Place

BY_HAND = _(
    "The body was changed by hand, and this place is not found in it exactly once. "
    "Nothing was done; change the body in its form."
)


class Shorter(Refused):
    """A text was typed that is much shorter than all it would take the place of: whoever typed it
    is asked. `stretch` would go, and `text` come."""

    def __init__(self, stretch: str, text: str):
        super().__init__(_("That is much shorter than what stands there."))
        self.stretch, self.text = stretch, text


class Unsure(Refused):
    """The body was changed by hand, and the place of the change in it is not certain: whoever
    decides chooses among the `offers`, by their tokens."""

    def __init__(self, offers: Sequence[Place]):
        super().__init__(BY_HAND)
        self.offers = offers
