"""PostgreSQL as Django's own backend has it, with an end to waiting for it."""
