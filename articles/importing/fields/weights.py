"""What speaks for a line being the title or a byline, and how much.

Whole numbers, chosen on made-up pages by `benchmarks/fields.py`; a line's points are their sum.
"""

TITLE = {
    "marked": 4,  # set as the one heading on top
    "stated": 5,  # the file's own properties say the same
    "agrees": 4,  # said again in what the site put round it: a breadcrumb, a copy
    "recurs": 4,  # at the most, where all pairs of its characters stand in the text again
    "title-ending": 2,
    "next-to-label": 2,
    "label-row": 4,  # where two or three labels share the line below
    "opens-text": 3,  # the text begins with it: 团体协约是…
    "subtitle-below": 6,
    "next-to-byline": 3,
    "text-below": 1,
    "length": 1,  # 5 to 35 characters
    "first": 2,
    "alone": 2,  # no other short line above or below
    "letterhead": 3,
}
AGAINST_TITLE = {
    "sentence": 4,  # ends like one
    "clauses": 2,  # each comma after the first
    "names": 5,  # for each degree of sureness above the least, up to two
    "numbered": 9,
    "colon": 2,
    "site": 5,  # a site's or a column's name
    "furniture": 6,
    "dated": 4,
    "paragraph-above": 6,
    "above-crumb": 6,  # and not said again below it: a teaser, or the site's menu
    "short": 2,  # two to four characters
    "long": 2,
    "in-group": 3,  # in a list or a table
    "lower": 1,  # for each line above that may be one, up to three
}
TAKE_TITLE, PROPOSE_TITLE = 6, 2
"""Points from which a line is the title, and from which it is with a flag that blocks."""

SURE_TITLE, SURE_ALL_THE_SAME = 7.0, 9.5
"""Points and what the text says of a line, together, from which nobody is asked; and the same of
a line whose points are not enough by themselves."""

LEAST_SUPPORT, MOST_SUPPORT = (-4.0, -6.0), (6.0, 8.0)
"""Bounds of what a line's characters and its pairs say, in natural logarithms."""

UNSAID = 0.0
"""The same where more than its place speaks for a line."""

NAMES = {
    "sure": 1,  # for each degree: see `people`
    "below-title": 2,
    "above-title": 1,
    "unit-below": 2,
    "before-text": 1,
    "before-abstract": 2,
    "with-date": 2,
    "doubled": 2,
    "first": 1,
    "next-to-label": 1,
}
TAKE_NAMES, PROPOSE_NAMES = 5, 3
"""Points from which a line of names is the byline, and from which a curator is asked."""
