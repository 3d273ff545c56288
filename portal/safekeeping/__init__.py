"""Backups: a folder that a portal can be brought back from, as it was."""
