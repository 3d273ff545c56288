"""What a page says of its essay: title, authors, date, source, keywords, genre, tags.

`metadata` is where they are read; it asks the others, each of which knows one kind of line.
"""
