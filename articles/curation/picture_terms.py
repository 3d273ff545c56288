"""Which pictures are taken in, and the refusal of all others."""

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""Of a picture as it arrives: 40 megapixels in colour take 160 MB while they are made smaller; what
a telephone makes has up to 50, which it halves when it sends them."""

SMALLEST = 8
"""Pixels of a side: less is a mark that counts readers."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class Refused(ValueError):
    """A picture is not taken in; `code` says why, for whoever shows it."""

    def __init__(self, code: str, **told):
        super().__init__(code)
        self.code, self.told = code, told
