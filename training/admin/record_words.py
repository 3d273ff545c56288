"""What a record says of its text, its rule and its result, in words; the file to take away has
them as they are kept."""

from django.utils.translation import gettext as _

from ..models import How


def object_in_words(of: dict) -> list[str]:
    """Return what was read or asked for, and in which edition."""
    told = {
        "article": lambda n: _("article %(n)s") % {"n": n},
        "revision": lambda n: _("edition %(n)s") % {"n": n},
        "path": lambda n: _("path %(n)s") % {"n": n},
        "version": lambda n: _("version %(n)s") % {"n": n},
        "sha256": lambda n: _("fingerprint of the text %(n)s…") % {"n": str(n)[:16]},
    }
    return _told(of, told, but=("title", "title_hant"))


def rule_in_words(rule: dict) -> list[str]:
    """Return by which rule it was asked for, and until when."""
    told = {
        "rule": lambda n: _("rule %(n)s") % {"n": n},
        "round": lambda n: _("round %(n)s") % {"n": n},
        "due_on": lambda day: _("due on %(day)s") % {"day": day},
    }
    return _told(rule, told)


def result_in_words(result: dict) -> list[str]:
    """Return how it was read, and what was shown and answered."""
    told = {
        "how": lambda how: str(dict(How.choices).get(how, how)),
        "passages": lambda n: _("all %(n)s passages shown") % {"n": n} if n else "",
        "checks": lambda n: _("%(n)s questions answered") % {"n": n} if n else "",
        "steps": lambda n: _("%(n)s texts") % {"n": n},
        "entered_by": lambda who: _("entered by %(who)s") % {"who": who},
        "reason": lambda why: _("reason: %(why)s") % {"why": why},
    }
    return _told(result, told)


def _told(of: dict, told: dict, but: tuple[str, ...] = ()) -> list[str]:
    """Return what is known in words, in their order, and the rest as it is kept."""
    known = [told[key](of[key]) for key in told if key in of]
    rest = [f"{key}: {value}" for key, value in of.items() if key not in {*told, *but}]
    return [one for one in [*known, *rest] if one]
