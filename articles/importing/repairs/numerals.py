"""壹 for 一: a rewriting tool's trick against copy detectors."""

import re
from collections.abc import Iterator

from .frame import Finding, Page, repair

_FORMAL = "贰貳叁參肆伍陆陸柒捌玖拾佰仟萬万亿億零圆圓元角分整"
_AMOUNT = re.compile(f"壹(?=[{_FORMAL}])|(?<=[{_FORMAL}])壹")
_NAMES = re.compile('壹基金|壹心理|壹号院|壹號院|《壹读》|《壹讀》|壹周刊|壹週刊|[“‘"]壹[”’"]')

# A page uses 壹 for every 一: so many of them, and at the most one 一 to so many 壹. The real
# essay has twenty 壹 and no 一.
_LEAST, _PER_YI = 6, 4


@repair(
    seen="an essay with twenty 壹 and no 一",
    before="壹是进壹步统壹思想,壹定要走到壹线,壹起干。",
    after="一是进一步统一思想,一定要走到一线,一起干。",
    untouched=(
        "人民币壹佰元整,壹万贰仟叁佰元,拾壹元。",
        "壹是错字,一是正字,一定一致,一线一样,一并一起,壹壹一一一。",
        "壹基金与壹基金会、壹基金的人。",
        "合同壹式两份，双方各执壹份，壹次性补助人民币壹万元。",
    ),
)
def restore_yi(page: Page) -> Iterator[Finding]:
    """Put 一 where a page writes 壹 for every 一; amounts and names keep theirs."""
    count = page.text.count("壹")
    if count < _LEAST or page.text.count("一") * _PER_YI > count:
        return
    kept = {match.start() for match in _AMOUNT.finditer(page.text)}
    for match in _NAMES.finditer(page.text):
        kept.update(range(*match.span()))
    for match in re.finditer("壹", page.text):
        if match.start() not in kept:
            yield page.edit("numeral-yi", match.start(), match.end(), "一")
