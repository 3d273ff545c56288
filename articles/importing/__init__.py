"""The import pipeline: a file's bytes in, one Draft out.

Plain Python: no Django, no database, no clock, no network. Open `pipeline.py` first.
"""
