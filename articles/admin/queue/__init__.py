"""The work queue: imports looked through one after the other, on one page.

A thin view: what is decided is in intake (`decisions`, `queue_steps`, `many_at_once`), who has what
before them in curation (`looking_through`).
"""
