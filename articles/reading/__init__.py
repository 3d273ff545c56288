"""The public side: pages, feeds, sitemaps, files to take away.

It reads what was prepared on save.
"""
