"""Libraries of any size, made of real words: to measure how the portal fares when it has grown.

Words come as often as words do, by Zipf's law, and those of union work more often; texts have
sentences and paragraphs and no sense. What is written is what saving such articles would write:
renditions in both scripts, the search index, its lists and terms. Left out are fingerprints
(`rebuild_fingerprints` makes them) and sources.

Words are converted once each, so a text costs no conversion; and an article is made by its number
alone, so any of them can be made anew, in any process.
"""
