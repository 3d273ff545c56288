"""Pages of members and offices, below /zh-hans/ and /zh-hant/. None of them is in a cache."""
