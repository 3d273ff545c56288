"""Rosters: lists of members as offices keep them, taken in without a guess.

`spreadsheet` reads a file, `plan` compares it with what is there and says row by row what would
happen and what has to be asked, `take_in` does what was decided.
"""
