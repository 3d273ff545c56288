"""Labels at the head of a line (作者：, 【摘 要】), and lists of keywords behind one."""

import re

from ...text import script
from .vocabulary import default_vocabulary


def _spaced(words: str) -> str:
    """Return the pattern of words that may have space between their characters: 摘 要."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", r"\\s*", words)


LABELS = tuple(
    (name, _spaced(words))
    for name, words in (
        ("original", r"本文原标题|本文原题|原标题|原题为?"),
        (
            "title",
            r"(?:完整)?新闻标题|(?:信件|来信|留言|问题|帖子|稿件|作品)标题|文章标题|(?:论文|演讲|发言|征文|参赛|讲座|报告|作品|作文)题目|标题|题目|篇名|题名(?!/责任者)|主旨|案由"
            r"|课题(?=\s*[:：]\s*第[一二三四五六七八九十\d]+课)"
            r"|名称(?=\s*[:：].{4,90}(?:通知|意见|决定|办法|方案|公告|通告|批复|报告|规划|规定|细则|章程|条例"
            r"|纪要|计划)(?:[(（][试暂]行[)）])?(?:\s|$))",
        ),
        ("bio", r"作者简介|作者介绍|第一作者|通[讯信]作者"),
        ("unit", r"作者单位|工作单位|单位|作者系|供稿单位|学校|机构"),
        ("teaser", r"内容提示|内容简介|文档简介|文章简介|文档介绍|(?:资源|文档|资料)描述|资源简介"),
        ("office", r"发文机关|发布机构|发布单位|发文单位|制发机关|印发机关"),
        (
            "authors",
            r"本文作者|文章作者|原作者|(?:新闻)?记者署名|作家相片|(?:作者|研究生|学生|学员|选手|参赛者|投稿人)姓名|作者|采写|撰稿人?|撰文|编写|执笔人?|讲话人|发言人"
            r"|演讲人|主讲人|述职人|汇报人|竞聘人|口述|提案人"
            r"|(?:访谈|采访)(?=\s*[/／|｜]\s*[\u3400-\u9fff]{2,3}(?:[\s、，]|$))"
            r"|供稿人?|投稿人?|来稿|楼主|(?i:(?:posted|written)\s+by(?=\s+[\u3400-\u9fff]))|[图文]\s*[/／]\s*[图文]|文字|(?<!本)(?<!全)(?<!原)文(?=\s*[:：/／|｜])",
        ),
        (
            "own_date",
            r"成文日期|成文时间|写作日期|写作时间|写于|讲话时间|演讲时间|讲话日期|出版日期|刊期"
            r"|期号|年\s*[,，]\s*卷\s*[(（]期[)）]"
            r"|完成日期|日期",
        ),
        (
            "upload_date",
            r"上传时间|上传日期|上传于|分享时间|分享于|录入时间|录入日期|更新时间|更新日期|更新于|已更新"
            r"|最后更新|在线公开时间|在线出版日期"
            r"|整理时间|收录时间|添加时间",
        ),
        (
            "site_date",
            r"时间|发布(?=\s*[:：]\s*\d)|发布时间|发布日期|发表时间|发表日期|发布于|发表于|发文日期|提交日期|提交时间|发稿时间|发帖时间"
            r"|出版时间|刊登时间|date|提问时间|刊发时间|发送时间|发送日期",
        ),
        (
            "no_date",
            r"(?:收到)?修改稿日期|收稿日期|收稿时间|修回日期|修订日期|接受日期|录用日期|施行日期|实施日期|生效日期"
            r"|截止日期|截止时间|会议时间|活动时间"
            r"|培训时间|开会时间|有效期|应还日期|归还日期|借书日期|报名时间|报名日期|考试时间|开庭时间|比赛时间|演出时间|播出时间"
            r"|报到时间|面试时间|出生日期|出生年月|入职时间|到期时间|到期日期",
        ),
        (
            "summary",
            r"内容摘要|论文摘要|中文摘要|文章摘要|摘\W?要|提要|内容提要|核心提示|导语|导读"
            r"|内容提示",
        ),
        ("keywords", r"中文关键词|关键词|关键字|主题词"),
        (
            "source_name",
            r"文章来源|媒体来源|信息来源|稿件来源|本文来源|新闻来源|资料来源|文献出处|稿件出处|来源于?(?=\s*[:：])|来源|稿源"
            r"|出处|转自|转载自|原载|原刊|摘自|选自|刊物|期刊|刊名|(?:当前)?报纸名称"
            r"|来源公众号|微信公众号|公众号",
        ),
        ("source_url", r"原文链接|原文地址|原文网址|网址|链接"),
        (
            "editor",
            r"[图摄](?=\s*[:：/／|｜])|责任编辑|责任主编|执行编辑|网络编辑|文字编辑|本文编辑|编辑|责编"
            r"|本版责编|本版编辑|值班编委|值班总编|美编|小编|编审|校对|校审|审核(?!人)|审签|审核人|签发人|签发|监制|终审|初审|复审"
            r"|一审|二审|三审|值班主任|摄影|图片|供图|制图|绘图|录入者?|上传者|上传人|发布者"
            r"|发布人|整理|作图|排版|贡献者|文档贡献者|提问者|回答者|指导老师|指导教师|张贴者"
            r"|新闻联络人|联络人|联系人|翻译|译者|主播|嘉宾",
        ),
        (
            "site",
            r"点阅(?:数|次数|率|人次)?|浏览次数|浏览人次|浏览量|浏览数?|阅读次数|阅读量|阅读数?|点击次数|点击量|点击率|点击数?"
            r"|访问次数|访问量|访问(?=\s*[:：]\s*\d)|下载次数|下载量|下载数?|次数"
            r"|人气|热度|评论数?|回复数?|查看数?|点赞数?|收藏数?|字体大小|文字大小|字体|字号|字数"
            r"|大小|页数|页码|评分|等级|文档格式|格式"
            r"|文档星级|星级|推荐度|推荐指数|文档数|粉丝|下载积分|所需积分|所需图币|所需\w{1,3}"
            r"|积分|价格|文件大小|文件格式|上传用户",
        ),
        (
            "category",
            r"文章分类|所属分类|分类|栏目|所属栏目|专栏|频道|类别|类型|专辑|专题|标签|文章标签"
            r"|本文标签|tags?|话题|收录于合集|合集|功能介绍"
            r"|学号|专业|学科专业|研究方向|院系|所在学院|培养单位|个人分类|(?:部落格)?全站分类|发件人|寄件人|收件人|微信号|用户名|密码|验证码|主题分类|体裁|年级|写作年级|版次|版面|索引号|主题"
            r"|信息类别|公开方式|公开范围|有效性|识别码|文档编号|审核状态|楼层|地址|传真|电话"
            r"|联络电话|联系电话|完整新闻(?:内文|连结)|新闻(?:内文|连结)|备注|速别|密等(?:及解密条件(?:或保密期限)?)?|附件说明|时间轴|时长|评语|发布单位"
            r"|下载频次|被引频次|(?i:author|institution|class)",
        ),
        (
            "number",
            r"(?:本文)?引用(?:本文|格式)|中图分类号|文献标[识志]码|文献编码|文章编号|论文编号|提案编?号|议案编?号|分类号|DOI|doi|ISSN|国内统一(?:连续出版物号|刊号)|邮发代号|文号|发文字号"
            r"|基金项目|基金资助|课题项目|项目编号"
            r"|资助项目",
        ),
        ("english", r"(?i:abstract|key\s*words?)"),
    )
)
"""What a label announces; read in lines folded to simplified."""

_BRACKET = r"(?:[【\[〔(（「]\s*)?"
LABEL = re.compile(
    rf"{_BRACKET}(?P<label>"
    + "|".join(f"(?P<{name}>{words})" for name, words in LABELS)
    + r")\s*[】\]〕)）」]?\s*(?:[:：/／|｜丨]|(?<=[】\]〕」])|(?<=词)\s+|(?<=要)\s+"
    r"|(?<=处)\s+(?=《)|(?<=[bB][yY])\s+|(?<=[布表享传新]于)\s*(?=\d)"
    r"|(?<=[/／][图文摄])\s+(?=\S)|(?<=[间期])\s+(?=\d{2,4}[-/.年])|(?<=e)\s+(?=\d{4}-))\s*"
)


def kind_of(match: re.Match[str]) -> str:
    """Return what the label that matched announces."""
    return next(name for name, _ in LABELS if match[name])


def split_keywords(text: str) -> list[str]:
    """Return the words of a keyword line, whatever stands between them.

    Space parts words only where nothing else does, or between Chinese characters: `trade union;
    labour law` is two. A list run together is parted where the vocabulary covers all of it.
    """
    text = text.strip().rstrip("。.；;，,、 ")
    marks = r"[,，;；、|｜/／·•\n]+"
    if re.search(marks, text):
        words = re.split(marks + r"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", text)
    else:
        words = text.split()
        if len(words) == 1 and len(text) > _LONGEST_WORD:
            words = _parted(text) or words
    return list(dict.fromkeys(word.strip() for word in words if word.strip()))


_LONGEST_WORD = 6
"""Characters from which a keyword may be several run together."""


def _parted(text: str) -> list[str]:
    """Return the terms of the vocabulary that `text` is made of, longest first, or none."""
    folded, terms = script.fold(text), default_vocabulary().terms
    ways: dict[int, list[str]] = {0: []}
    for end in range(1, len(folded) + 1):
        for start in range(max(0, end - 10), end):
            if start in ways and folded[start:end] in terms:
                way = [*ways[start], text[start:end]]
                if end not in ways or len(way) < len(ways[end]):
                    ways[end] = way
    return ways.get(len(folded), [])
