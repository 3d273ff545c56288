"""壹 for 一: a rewriting tool's trick against copy detectors."""

import re
from collections.abc import Iterator

from ...text import script
from ..edits import Flag
from .frame import Finding, Page, repair

# A run of formal numerals is an amount or a year if it is one as a whole: 壹萬貳仟, 贰零壹壹年,
# 壹元, 拾壹. In 隊伍壹起, 充分壹致 and 收拾壹下 the neighbours are ordinary characters.
_FORMAL = re.compile(
    r"(?<![收])[壹贰叁参肆伍陆柒捌玖拾佰仟零〇万亿]+(?P<money>[元圆](?![化论次钱])|角|分(?!为)|整)?"
)
_AMOUNT = re.compile(
    r"壹?[贰叁肆柒捌玖]|[壹贰叁参肆伍陆柒捌玖][拾佰仟]|拾壹|[拾佰仟万亿零]{2}|[万亿][零壹]"
)
_NAMES = re.compile(
    '壹基金|壹心理|壹号(?:院|公馆|公寓|公园|府)|壹读|壹周刊|壹传媒|壹加壹|壹药网|壹钱包|[“‘"「『]壹[”’"」』]'
)
# What stands as 壹 in contracts as well: it tells nothing, and goes only on a page that is all 壹.
_CONTRACT = re.compile(r"壹(?:式[两贰叁肆伍]|[份次](?=[，,。、；;壹性])|[份次]$)|各[执持]壹")

# Words in which nobody writes 壹 but the tool.
_WORDS = re.compile(
    r"进壹步|统壹|唯壹|不壹|专壹|(?<!合)同壹|之壹|单壹|如壹|合壹|逐壹|某壹|每壹|另壹"
    r"|第壹(?=线|时间|要务|责任|位|信号|步|手|资源|生产力)|壹(?=[定切起致直般样些旦线流律贯味番向再旁体共概])"
    r"|壹(?=系列|方面|把手|带壹路|心|举|时|同|道|是|要|个|种)"
)

# A page uses 壹 for every 一: so many of them, and at the most one 一 to so many 壹. The real
# essay has twenty 壹 and no 一. Where only a part of it does (two sources pasted together), the
# words above say which; three of them, two different, are no slip of an author's.
_LEAST, _PER_YI = 6, 4
_LEAST_WORDS, _LEAST_DIFFERENT = 3, 2


@repair(
    seen="an essay with twenty 壹 and no 一",
    before="壹是进壹步统壹思想,壹定要走到壹线,壹起干。",
    after="一是进一步统一思想,一定要走到一线,一起干。",
    untouched=(
        "人民币壹佰元整,壹万贰仟叁佰元,拾壹元。",
        "壹是错字,一是正字,一定一致,一线一样,一并一起,壹壹一一一。",
        "壹基金与壹基金会、壹基金的人。",
        "合同壹式两份，双方各执壹份，壹次性补助人民币壹万元。",
        "本合同第壹条、第壹款、第壹项，处壹年以上叁年以下，并处罚金壹万元，壹式叁份，壹张。",
        "贰零壹壹年叁月壹日，壹万贰仟元，壹拾壹份，拾壹人，壹佰零壹名。",
    ),
)
def restore_yi(page: Page) -> Iterator[Finding]:
    """Put 一 where a page, or a part of it, writes 壹 for every 一.

    Amounts, names, years and quoted legal numerals keep theirs. A single 进壹步 on a page shows
    no pattern: it stays, flagged.
    """
    if "壹" not in page.text:
        return
    text = script.fold(page.text)
    kept = _kept(text)
    sites = [m.start() for m in re.finditer("壹", text) if m.start() not in kept]
    words = {m.start() + m[0].index("壹"): m[0] for m in _WORDS.finditer(text)}
    words = {at: word for at, word in words.items() if at not in kept}
    count, yi = len(sites), text.count("一")
    pattern = len(words) >= _LEAST_WORDS and len(set(words.values())) >= _LEAST_DIFFERENT
    if count >= _LEAST and yi * _PER_YI <= count:
        restored = set(sites) if words else set()
    elif pattern and not yi:
        restored = set(sites)
    elif pattern:
        restored = _in_part(text, sites, words)
    else:
        restored = set()
    for at in sites:
        if at in restored:
            yield page.edit("numeral-yi", at, at + 1, "一")
        elif at in words and (restored or len(words) > 1 or not _spoken_of(text)):
            message = "這個「壹」可能是改寫工具換上的「一」；請決定。"
            yield Flag("numeral-doubt", at, at + 1, message, ("一",))


def _kept(text: str) -> set[int]:
    """Return the places of 壹 in amounts, years, names and contracts' set phrases."""
    kept: set[int] = set()
    for match in _FORMAL.finditer(text):
        run = match[0]
        alone = re.fullmatch(r"壹[万亿]?", run.removesuffix(match["money"] or "\0"))
        digits = sum(char not in "万亿元圆角分整" for char in run)
        if (
            (match["money"] and match["money"] in "元圆" and alone)
            or (len(run) > 1 and not alone and _AMOUNT.search(run))
            or (digits >= 4 and text[match.end() : match.end() + 1] == "年")
        ):
            kept.update(range(*match.span()))
    for match in _NAMES.finditer(text):
        kept.update(range(*match.span()))
    for match in re.finditer(r"壹(?=[年月日倍式张名套]?[^，。；\n]{0,8}[贰叁肆柒捌玖])", text):
        kept.add(match.start())  # 壹年以上叁年以下
    return kept


def _in_part(text: str, sites: list[int], words: dict[int, str]) -> set[int]:
    """Return the places to restore on a page where only some lines write 壹 for 一.

    In a line with such a word and no 一, every 壹 is the tool's, set phrases of contracts apart.
    """
    restored = set(words)
    contract = {m.start() + m[0].index("壹") for m in _CONTRACT.finditer(text)}
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if "一" not in line and any(at in words for at in sites if start <= at < end):
            restored.update(at for at in sites if start <= at < end and at not in contract)
        start = end + 1
    return restored


def _spoken_of(text: str) -> bool:
    """Tell whether the text speaks of the character itself: “壹”字, 大写, 错字."""
    return bool(re.search(r"壹[”\"’」]?字|大写|错字|写成|写作", text))
