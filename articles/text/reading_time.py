"""How long a text takes to read."""

CHARACTERS_A_MINUTE = 255
"""How fast Chinese is read: 255 ± 29 characters a minute by 25 adults who read ten texts aloud
(Trauzettel-Klosinski and Dietz, Standardized Assessment of Reading Performance: The New
International Reading Speed Texts IReST, Investigative Ophthalmology & Visual Science 53 (2012),
5452–5461). Most are faster when they read silently, so the time told is one that suffices."""


def minutes(characters: int) -> int:
    """Return the minutes that so many characters take, at least one."""
    return max(1, round(characters / CHARACTERS_A_MINUTE))
