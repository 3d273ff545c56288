"""The desk of training, on the curators' desk."""

from . import path, people, question, records, rule

__all__ = ["path", "people", "question", "records", "rule"]
