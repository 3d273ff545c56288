"""Signs of the fonts Symbol and Wingdings, which have no characters of their own."""

_GREEK = dict(
    zip(
        "ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprstufcywVJj",
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωςϑϕ",
        strict=True,
    )
)
_SYMBOL = {ord(latin): greek for latin, greek in _GREEK.items()} | {
    **{code: chr(code) for code in b" !#%&()+,./0123456789:;<=>?[]_{|}"},
    **dict(
        zip(
            (0x22, 0x24, 0x2A, 0x2D, 0x40, 0x5C, 0x5E, 0x7E, 0xA2, 0xA3, 0xA5, 0xAB, 0xAC, 0xAD),
            "∀∃∗−≅∴⊥∼′≤∞↔←↑",
            strict=True,
        )
    ),
    **dict(
        zip(
            (0xAE, 0xAF, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB),
            "→↓°±″≥×∝∂•÷≠≡≈",
            strict=True,
        )
    ),
    **dict(
        zip(
            (0xBC, 0xC5, 0xC6, 0xC7, 0xC8, 0xCC, 0xCD, 0xCE, 0xCF, 0xD0, 0xD1, 0xD5, 0xD6, 0xD7),
            "…⊕∅∩∪⊂⊆∈∉∠∇∏√⋅",
            strict=True,
        )
    ),
    **dict(zip((0xDB, 0xDE, 0xE5, 0xF2, 0xD9, 0xDA), "⇔⇒∑∫∧∨", strict=True)),
}
_WINGDINGS = dict(
    zip(
        (0x22, 0x28, 0x29, 0x2A, 0x36, 0x46, 0x4A, 0x4C, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72),
        "✂☎✆✉⌛☞☺☹●❍■□◻❑❒",
        strict=True,
    )
) | dict(
    zip(
        (0x74, 0x75, 0x76, 0x77, 0xA1, 0xA7, 0xA8, 0xAB, 0xAC, 0xB2, 0xD8, 0xDF, 0xE0, 0xE1, 0xE2),
        "⧫◆❖⬥○▪◻★✶✧➢←→↑↓",
        strict=True,
    )
)
_WINGDINGS |= dict(zip((0xE8, 0xF0, 0xFB, 0xFC, 0xFD, 0xFE), "➔⇨✗✓☒☑", strict=True))
_WINGDINGS |= {0x81 + n: chr(ord("①") + n) for n in range(10)}
_WINGDINGS |= {0x8C + n: chr(ord("❶") + n) for n in range(10)}
_WINGDINGS_2 = dict(zip((0x4F, 0x50, 0x51, 0x52, 0x53, 0xA3), "✗✓☒☑☒□", strict=True)) | {
    0x6A + n: chr(ord("①") + n) for n in range(10)
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def sign(font: str, code: str) -> str:
    """Return the character that a font's sign is, or nothing where none is known."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    small = number - 0xF000 if 0xF000 <= number < 0xF100 else number
    table = _FONTS.get(font.strip().lower())
    if table is not None and small < 0x100:
        return table.get(small, "")
    return chr(number) if 0x20 <= number < 0xD800 or 0xF900 <= number < 0xFFFE else ""
