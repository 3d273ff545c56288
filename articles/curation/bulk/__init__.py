"""One change to many articles: chosen and foreseen, confirmed, done in batches, undone.

`choosing` freezes which articles are meant and says what would become of each; `changing` does it
to a batch of them; `work` takes a run from its confirmation to its end, in a process of its own
where it is large.
"""
