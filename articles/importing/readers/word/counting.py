"""How Word writes the numbers that it sets by itself, by the names of ECMA-376."""

from collections.abc import Callable

_LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟")
_ORDINARY = ("零一二三四五六七八九", "十百千")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def _chinese(number: int, signs: tuple[str, str] = _ORDINARY) -> str:
    """Return 1 to 9999 as they are read: 十, 二十一, 一百零三."""
    digits, tens = signs
    if not 0 < number < 10_000:
        return str(number) if number else digits[0]
    out = ""
    for place, digit in enumerate(map(int, reversed(str(number)))):
        if digit:
            out = digits[digit] + (tens[place - 1] if place else "") + out
        elif out and not out.startswith(digits[0]):
            out = digits[0] + out
    ten = digits[1] + tens[0]
    return out[1:] if 10 <= number < 20 and signs is _ORDINARY and out.startswith(ten) else out


def _digits(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _of_row(*rows: tuple[int, str]) -> Callable[[int], str]:
    """Return a form whose signs stand in rows, each with the number it begins at."""

    def form(number: int) -> str:
        for first, signs in rows:
            if first <= number < first + len(signs):
                return signs[number - first]
        return str(number)

    return form


def _signs(first: str, count: int) -> str:
    return "".join(chr(ord(first) + n) for n in range(count))


def _roman(number: int) -> str:
    if number > 3999:
        return str(number)
    out = ""
    for worth, letters in _ROMAN:
        out += letters * (number // worth)
        number %= worth
    return out


def _letter(number: int) -> str:
    """Return A to Z, then AA, BB as Word goes on."""
    return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9) if number else "0"


def _sexagenary(number: int) -> str:
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12]


circled = _of_row((0, "⓪"), (1, _signs("①", 20)), (21, _signs("㉑", 15)), (36, _signs("㊱", 15)))

FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02}".format,
    "decimalFullWidth": lambda number: str(number).translate(
        {n: n + 0xFEE0 for n in range(48, 58)}
    ),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": _of_row((1, _signs("⑴", 20))),
    "decimalEnclosedFullstop": _of_row((1, _signs("⒈", 20))),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseLegalSimplified": lambda number: _chinese(number, _LEGAL_SIMPLIFIED),
    "ideographLegalTraditional": lambda number: _chinese(number, _LEGAL_TRADITIONAL),
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "ideographTraditional": _of_row((1, _STEMS)),
    "ideographZodiac": _of_row((1, _BRANCHES)),
    "ideographZodiacTraditional": _sexagenary,
    "ideographEnclosedCircle": _of_row((1, _signs("㊀", 10))),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "none": lambda number: "",
}
"""Others come out as Arabic numbers."""
