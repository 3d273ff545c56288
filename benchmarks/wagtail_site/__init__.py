"""A small Wagtail site of the same articles, to compare pages with: `pages --wagtail`."""
