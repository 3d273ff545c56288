"""Words of what a site puts round an essay: where a page is shared, and what heads links to others.

Patterns for lines folded to simplified characters with half-width marks.
"""

SHARERS = (
    r"(?:微信好友|微信|新浪微博|腾讯微博|微博|QQ空间|QQ好友|QQ|朋友圈|人人网|豆瓣|空间|更多|复制链接"
    r"|Facebook|WhatsApp|Twitter|Telegram|Plurk|LINE|Like(?: ?\d+)?)"
)
"""Where readers are asked to share a page."""

SIZES = r"(?:特大|加大|缩小|放大|默认|超大|[大中小]|A?[+-]|[AT])"
"""Sizes in which a page can be set."""

RELATED = (
    r"(?:相关(?:推荐|阅读|文章|新闻|论文|范文|内容|链接|文档)|猜你(?:还)?喜欢|为[您你]推荐"
    r"|热[门点](?:推荐|文章|阅读)|推荐(?:文章|阅读)|延伸阅读|精彩推荐|精品.{0,4}推荐"
    r"|往期(?:推荐|回顾|精选|精彩)|最新文章|更多(?:相关|精彩)(?:内容|文章|范文)?|大家都在看)"
)
"""What heads a list of links to other pages."""

PORTALS = (
    r"(?:搜狐|新浪|网易|腾讯|凤凰|雅虎|央视|央广|新华|人民|大河|百度|知乎|豆瓣|简书)"
    r"(?:网|新闻|财经|商业|汽车|体育|娱乐|科技|教育|房产|文化|读书|历史|博客|论坛|资讯|评论|时评|频道|健康"
    r"|公益|理财|专栏|号){1,2}"
)
"""Channels of portals, which hang their name on every title: 某题-搜狐财经."""
