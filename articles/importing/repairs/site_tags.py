"""Tags that a site's or a note-taker's program puts something in place of: Hexo, Hugo, Jekyll …"""

import re
from collections.abc import Iterator

from .frame import Finding, Page, repair

_VALUE = r"[\w.\-]+(?:\s*\|\s*[\w:.,'\" \-/]+)*"
_TAG = re.compile(
    r"\{%-?\s*[A-Za-z](?:(?!%\})[^{}]){0,400}%\}"  # {% asset_img a.png %}, {% endraw %}
    r"|\{\{<\s*/?\s*[A-Za-z][^{}]{0,400}>\}\}|\{\{%\s*/?\s*[A-Za-z][^{}]{0,400}%\}\}"  # Hugo's
    rf"|\{{\{{-?\s*{_VALUE}\s*-?\}}\}}"  # {{ page.title }}
    r"|(?:\bTOC\s*)?\{:[ \w.#=\"'-]{0,200}\}"  # {:toc}, {: .lead}
    r"|(?<=\S)[ \t]*\{[#.][A-Za-z][\w .#=\"'-]{0,100}\}(?=\s|\Z)"  # 标题 {#id}
    r"|!\[\[[^\[\]\n]{1,300}\]\]"  # a picture or note to be shown here
    r"|(?<![\d%])%%(?=[^\s%])[^%\n]{1,400}(?<!\s)%%(?!%)"  # %% a note-taker's own remark %%
    r"|(?<=\S)[ \t]\^[a-z\d]{6}(?=\s*\Z)",  # the name of a paragraph of notes
    re.ASCII,
)
_CONTENTS = re.compile(
    r"\[{1,2}_?toc_?\]{1,2}|@\[toc\](?:\([^()\n]{0,60}\))?|\$\{toc\}|\{\{\s*toc\s*\}\}"
    r"|\\(?:newpage|pagebreak|tableofcontents)",
    re.IGNORECASE,
)
"""What stands on a line of its own for a table of contents that a program makes."""


@repair(
    seen="posts of Hexo, Hugo and Jekyll; notes of Obsidian; CSDN's @[TOC]",
    before="[toc]\n工会要听。\n{% asset_img a.png 账本 %}\n{{< figure src='/a.png' >}}"
    "职工要说 {{ page.title }} 工会{: .lead}。\n一、先听 {#a}\n![[账本.png]]\n完%%待核%%。 ^1a2b3c",
    after="工会要听。\n职工要说 工会。\n一、先听\n完。",
    untouched=(
        "集合写作{1，2，3}，比例是50%，{%}是占位，涨了5%%、7%%。",
        "模板里写{{姓名}}的地方，填上职工的名字。",
        "[目录]\n[[工会法]]第六条",
    ),
)
def drop_site_tags(page: Page) -> Iterator[Finding]:
    """Remove tags for a program; what stands alone in a line takes its line along."""
    text = page.text
    if not re.search(r"\{[%{:#.]|!\[\[|%%|\s\^|toc|\\(?:new|page|table)", text, re.IGNORECASE):
        return
    for start, end, line in page.lines():
        rest = _TAG.sub("", line)
        if (rest != line and not rest.strip()) or _CONTENTS.fullmatch(line.strip()):
            yield page.edit("markup", start, end, "")
            continue
        for match in _TAG.finditer(line):
            end = match.end() + (line[: match.start()][-1:] == line[match.end() :][:1] == " ")
            yield page.edit("markup", start + match.start(), start + end, "")
