"""Search: the only room that knows how. Pages need `find` and `suggest`.

The flow: a text is normalised and cut into words (`text`), which are kept beside the article by
the database in its own way (`index`, `postgres`, `sqlite`). A query is understood (`query`), the
newest few hundred matches are fetched, ranked here by their titles and by their texts (`find`), and
shown with the hits marked (`snippets`).
"""
