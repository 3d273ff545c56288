"""From files to articles and back to their source: imports, uploads, decisions on what was found.

`library` is the only module that joins a Draft of the pipeline and the database.
"""
