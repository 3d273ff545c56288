"""Traces of rewriting tools: numbers taken out, words swapped for unfit synonyms."""

import re
from collections.abc import Iterator

from ...text import script
from ..edits import Flag
from .frame import Finding, Page, repair

# In text folded to simplified; what stands before the lost number is kept out of the match.
_LOST_NUMBERS = re.compile(
    r"(?<=[，,；;。])[年月日](?=[，,；;。])"
    r"|(?<=成立|创建|建立|建国|建军|建党|建会|建厂|建校|创刊|诞辰|逝世)周年(?=[，,。；;、])"
    r"|第[届屆](?=[^\w])|(?<=[于於在])年月日?(?=[，,。至到])"
)

# Words a spinning tool puts in, with what no author writes behind (or before) them, and what
# stood there. Single ones are slips; several on a page are the tool.
_SPUN = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (
            r"不时(?=加强|创新|提高|完善|推进|增强|优化|深化|开拓|改进|丰富|扩大|巩固|健全|提升)",
            "不断",
        ),
        (
            r"(?<=[^的其])才干(?=充|乘势|谋求|真正|更好|够|不断|得到|实现|有效|赢得|保证|成为|使|让|把|做到|做好)",
            "才能",
        ),
        (
            r"必需(?=结合|加强|坚持|做到|立足|树立|建立|认真|依法|牢牢|始终|紧紧|从|以|把|要)",
            "必须",
        ),
        (r"发明(?=特色|条件|业绩|良好|环境|氛围|机遇|佳绩|价值)", "创造"),
        (r"效劳(?=职工|群众|大局|基层|社会|企业|意识|水平|型|质量|中心|会员)", "服务"),
        (r"根底(?=工作|建设|设施|知识|管理|性)", "基础"),
        (r"(?<=夯实|筑牢|打牢|打好)根底", "基础"),
        (r"立异(?=工作|思路|机制|精神|才能|驱动|方式|办法|发展)", "创新"),
        (r"充溢(?=着?(?:活力|生机|热情|信心|朝气|力量))", "充满"),
        (r"干事守业", "干事创业"),
        (r"(?<=文化的)传达者", "传播者"),
        (r"(?<=[，。；])进步(?=工作水平|职工素质|能力水平|服务质量|工作效率|思想认识)", "提高"),
        (r"施展(?=工会作用|积极作用|主力军|桥梁)", "发挥"),
        (r"展开(?=了?丰富多彩)", "开展"),
        (r"位置(?=和作用日益)", "地位"),
        (r"任务者(?=[，。、的])", "工作者"),
        (r"(?<=工会)任务(?=的重要|会议|条例|思路)", "工作"),
        (r"束缚机制", "约束机制"),
        (r"鼓励机制", "激励机制"),
        (r"主动性(?=、创造性)", "积极性"),
    )
)
_LEAST, _LEAST_DIFFERENT = 3, 2


@repair(
    seen="a speech spun by the site: 发明特色, 不时创新, 才干充溢活力; `一年,年。`",
    before="这是率先发展的一年,年。不时创新,才干充溢活力,发明特色。",
    after="这是率先发展的一年,年。不时创新,才干充溢活力,发明特色。",
    untouched=(
        "他不时加强锻炼，才干出众，这是必需品。",
        "发明创造，为职工效劳，打下根底。",
        "工会成立周年纪念日，年、月、日都要写清。",
        "他增长了才干，充满活力。职工们不时提出建议。",
        "一年，又一年。每年，每月，每日。",
    ),
)
def flag_rewriting(page: Page) -> Iterator[Finding]:
    """Flag places where a number is gone, and words that a spinning tool put in.

    Nothing is rewritten: what the author wrote is not in the file. Swapped words are flagged only
    where a page has several; one may be the author's own.
    """
    text = script.fold(page.text)
    for match in _LOST_NUMBERS.finditer(text):
        message = "此處似乎缺了數字；請查原文補回。"
        yield Flag("possible-rewrite", match.start(), match.end(), message)
    spun = [(match, word) for pattern, word in _SPUN for match in pattern.finditer(text)]
    if len(spun) < _LEAST or len({match[0] for match, _ in spun}) < _LEAST_DIFFERENT:
        return
    hant = script.detect(page.text) == script.HANT
    for match, word in sorted(spun, key=lambda found: found[0].start()):
        if hant:
            word = script.convert(word, script.HANT, script.HANS)
        message = "這個詞可能是改寫工具換上的；請對照上下文決定。"
        yield Flag("possible-rewrite", match.start(), match.end(), message, (word,))
