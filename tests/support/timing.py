"""Whether work grows with its input, told in a way that a busy machine does not upset."""

from collections.abc import Callable


def is_in_proportion(seconds: Callable[[int], float], small: int) -> bool:
    """Tell whether eight times the input takes about eight times as long, by one of three tries: by
    the square it would take 64 times as long in each."""
    seconds(1000)
    return any(seconds(8 * small) < 24 * seconds(small) + 0.3 for _ in range(3))
