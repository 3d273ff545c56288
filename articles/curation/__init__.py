"""What curators do, whichever page or command they do it from, and what follows from it.

`after_save` says what follows from a save. `revisions` is inside of every change of a text, `audit`
keeps the log.
"""
