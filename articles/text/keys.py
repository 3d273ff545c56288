"""Keys of rows as addresses and forms send them: text that anybody may have written."""


def is_key(text: str) -> bool:
    """Tell whether a text is a number that every database takes for a key."""
    return text.isascii() and text.isdigit() and len(text) < 19
