"""What the desk says of rosters: outcomes, faults of rows, answers, and why a file is none."""

from django.utils.translation import gettext_lazy as _

from ..roster.plan import Outcome

OUTCOMES = {
    Outcome.NEW: _("new"),
    Outcome.SAME: _("unchanged"),
    Outcome.CHANGED: _("changed"),
    Outcome.ASK_MOVE: _("moved?"),
    Outcome.ASK_PERSON: _("another name"),
    Outcome.ASK_UNIT: _("unknown unit"),
    Outcome.ASK_LEFT: _("left?"),
    Outcome.FAULT: _("not taken in"),
}

ANSWERS = {
    "move": _("yes, moved to this unit"),
    "other-person": _("no, somebody else with this number"),
    "renamed": _("the same person, under the new name"),
    "new-unit": _("make this unit"),
    "left": _("has left"),
    "stays": _("stays as it is"),
    "leave-out": _("leave this row out"),
}

FAULTS = {
    "no-name": _("The name is missing. Fill it in and import the file again."),
    "no-number": _("The staff number is missing. Fill it in and import the file again."),
    "no-unit": _("The unit is missing. Fill it in and import the file again."),
    "broken-number": _(
        "“%(text)s” is a number that Excel has shortened. Format the column as text, type the "
        "number anew, and import the file again."
    ),
    "lost-zeros": _(
        "“%(text)s” is shorter than other numbers: zeros in front of it seem to be lost. Format "
        "the column as text, type the number anew, and import the file again."
    ),
    "too-long": _("“%(text)s…” is too long."),
    "not-a-phone": _("“%(text)s” is no phone number. Put it right, or leave the cell empty."),
    "not-a-date": _("“%(text)s” is no date. Write it as 2021-03-05, or leave the cell empty."),
    "twice": _("This number stands in row %(row)d too. Keep one of them."),
    "unit-not-clear": _(
        "Several units are called “%(text)s”. Write those above it too, with a slash between."
    ),
}

UNREADABLE = {
    "too-large": _("The file is larger than %(most)d MB."),
    "too-many-rows": _("The file has more than %(most)d rows. Divide it."),
    "no-rows": _("Below the header there are no rows."),
    "not-text": _("The file is no text. Save it as CSV (UTF-8) or as .xlsx."),
    "not-a-sheet": _("The file cannot be opened as a spreadsheet. Save it as .xlsx or CSV."),
    "no-header": _(
        "No header row was found. It needs columns for the name, the staff number and the unit."
    ),
}
