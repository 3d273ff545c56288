"""Write the documents in traditional Chinese anew in simplified: the characters converted, the
words those of readers on the Mainland.

    python -m docs.simplified           writes README.zh-Hans.md and docs/handbook.zh-Hans.md
"""

from pathlib import Path

from articles.text import script

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = {
    ROOT / "README.zh.md": ROOT / "README.zh-Hans.md",
    ROOT / "docs" / "handbook.zh.md": ROOT / "docs" / "handbook.zh-Hans.md",
}
"""The document that people write, and the one made from it."""

_AS_THEY_STAND = {
    "工会 找到 工會": "工会 找到 工會",
    "县委 不會找到 縣委託": "县委 不会找到 縣委託",
    "职代会 找到 職工代表大會": "职代会 找到 職工代表大會",
    "`zhidaihui` 找到 職代會": "`zhidaihui` 找到 職代會",
    "誌願、註重": "誌願、註重",
    "原是 打實服務": "原是 打實服務",
    "工會(huì)": "工會(huì)",
    "引號隨繁簡版本：簡體頁面用 “ ” ‘ ’，繁體頁面用「 」『 』": (
        "引号随简繁版本：简体页面用 “ ” ‘ ’，繁体页面用「 」『 』"
    ),
    "標題 作者 日期 標籤 正文": "标题 作者 日期 标签 正文（或繁体 標題 作者 日期 標籤 正文）",
    "[简体中文](README.zh-Hans.md)": "[繁體中文](README.zh.md)",
    "[简体中文](handbook.zh-Hans.md)": "[繁體中文](handbook.zh.md)",
}
"""What is about the scripts themselves, and the way to the other document."""

_WORDS = (
    *(
        ("位元组", "字节"),
        ("汇入", "导入"),
        ("汇出", "导出"),
        ("资料夹", "文件夹"),
        ("资料库", "数据库"),
    ),
    *(
        ("资料列", "数据行"),
        ("档案", "文件"),
        ("原档", "原文件"),
        ("掃描档", "扫描件"),
        ("扫描档", "扫描件"),
    ),
    *(("储存格", "单元格"), ("储存", "保存"), ("搜寻", "搜索"), ("连结", "链接"), ("帐号", "账号")),
    *(
        ("登入", "登录"),
        ("登出", "退出登录"),
        ("资源回收筒", "回收站"),
        ("核准", "批准"),
        ("批次操作", "批量操作"),
    ),
    *(("封存", "归档"), ("舍弃", "放弃"), ("字级", "字号"), ("列印", "打印"), ("萤幕", "屏幕")),
    *(
        ("伺服器", "服务器"),
        ("网域名称", "域名"),
        ("执行绪", "线程"),
        ("行程", "进程"),
        ("记忆体", "内存"),
    ),
    *(
        ("函式", "函数"),
        ("程式", "程序"),
        ("预设", "默认"),
        ("快取", "缓存"),
        ("佇列", "队列"),
        ("伫列", "队列"),
    ),
    *(
        ("模组", "模块"),
        ("连接埠", "端口"),
        ("套件来源", "软件源"),
        ("扩充套件", "扩展"),
        ("套件", "软件包"),
    ),
    *(("字元", "字符"), ("巨集", "宏"), ("介面", "界面"), ("网路", "网络")),
    *(
        ("环境变数", "环境变量"),
        ("笔交易", "个事务"),
        ("一笔一篇", "一条一篇"),
        ("坏的一笔", "坏的一条"),
    ),
    *(
        ("读者回报", "读者纠错"),
        ("回报错误", "纠错"),
        ("繁简版本", "简繁版本"),
        ("视窗", "窗口"),
        ("背景", "后台"),
    ),
    *(("文字辨识", "文字识别"), ("直排", "竖排"), ("群组", "组"), ("物件", "对象")),
    *(
        ("金钥", "密钥"),
        ("凭证", "证书"),
        ("代理伺服器", "代理服务器"),
        ("持续整合", "持续集成"),
        ("半形", "半角"),
    ),
    *(
        ("行事历", "日历"),
        ("产生连结", "生成链接"),
        ("开启", "打开"),
        ("副档名", "扩展名"),
    ),
    *(
        ("handbook.zh.md", "handbook.zh-Hans.md"),
        ("zh-hant-", "zh-hans-"),
        ("「", "“"),
        ("」", "”"),
        ("『", "‘"),
        ("』", "’"),
    ),
)
"""Words of the converted text and those that readers on the Mainland use, in this order."""


def simplified(text: str) -> str:
    """Return a document in simplified Chinese."""
    kept = {}
    for number, (written, instead) in enumerate(_AS_THEY_STAND.items()):
        mark = chr(0xE000 + number)
        text = text.replace(written, mark)
        kept[mark] = instead
    text = script.convert(text, script.HANS, script.HANT)
    for word, instead in _WORDS:
        text = text.replace(word, instead)
    for mark, instead in kept.items():
        text = text.replace(mark, instead)
    return text


def main() -> None:
    for written, made in DOCUMENTS.items():
        made.write_text(simplified(written.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
