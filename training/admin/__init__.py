"""The desk of training, on the curators' desk."""

from . import members, path, question, records, rule

__all__ = ["members", "path", "question", "records", "rule"]
