"""Pairs of characters that wrong conversions take for each other, and where which is wrong."""

import re

HALF = frozenset("干于并仆后里范系谷丑松斗准征咨吁朴郁荐辟制面获尽余历")
"""Simplified characters that Taiwan never writes in the words where OpenCC has another form.

公布, 周末, 游客, 占領, 舞台, 注釋 are written there beside 公佈, 週末, 遊客 …: they are not here.
"""

NEVER = frozenset("万党广厂价极柜确种胜适据愿虫几叶筑腊挂艳苹")
"""Simplified characters that modern traditional text has in names only."""

ALWAYS = frozenset("于并里后")
"""What is wrong outside words of the dictionary too, on a page that shows it leaves them: 于 in
服務于職工."""

# What a tool writes that always takes the same form, and what belongs there: pairs, wrong first.
OVER = frozenset(
    wrong + right
    for wrong, right in zip(
        "鬥範麵髮曆歷穫獲髒臟徵準鬆醜闢鬍鬚錶薑禦籲樸闆緻颱颱嚐",
        "斗范面發歷曆獲穫臟髒征准松丑辟胡須表姜御吁朴板致台臺嘗",
        strict=True,
    )
)
# Pairs of which both stand in many words: only in these is one of them wrong.
ONLY_IN = {
    "誌志": "志願 同志 意志 鬥志 立志 壯志 志氣 志向 志士 有志 矢志 志在 志趣 志業 志工 勵志",
    "註注": "注意 注重 關注 專注 注入 注射 注視 注目 貫注 賭注 灌注 傾注",
    "裡里": "公里 英里 海里 華里 里程 里弄 鄰里 故里 萬里 千里 百里 里約 里昂",
    "後后": "皇后 太后 王后 后妃 后羿 母后 影后 歌后",
    "幹干": "干擾 干預 干涉 若干 相干 干戈 干係",
    "乾干": "干擾 干預 干涉 若干 相干 干戈 干係",
    "乾幹": "幹部 幹勁 骨幹 主幹 才幹 能幹 苦幹 實幹 幹活 樹幹 幹線 幹事 精幹",
    "幹乾": "乾淨 乾燥 乾脆 乾杯 餅乾 乾旱 曬乾",
    "製制": "制度 體制 控制 限制 強制 機制 制定 制訂 制約 制止 制裁 抑制 法制 管制",
    "係系": "系統 體系 系列 派系 院系 科系 星系 水系 母系 父系 系主任",
    "繫系": "系統 體系 系列 派系 院系 科系 星系 水系 母系 父系 系主任",
    "係繫": "聯繫 維繫 心繫 繫念 繫鈴",
    "繫係": "關係 干係",
    "隻只": "只有 只要 只能 只是 只好 只得 只顧 只想 只怕 只見 不只 只不過 只需 只會 只靠 只在",
    "鍾鐘": "時鐘 分鐘 鐘頭 鬧鐘 警鐘 鐘錶 秒鐘 點鐘 鐘聲",
    "複復": "復興 恢復 復活 康復 修復 復蘇 報復 收復 復員 復工 復職 反復 光復 復仇 往復 復辟",
    "復複": "複雜 重複 複製 繁複 複合 複數 複印",
    "彙匯": "匯率 匯款 外匯 匯入 匯集 匯兌 創匯",
    "匯彙": "詞彙 彙編 語彙",
    "衝沖": "沖洗 沖刷 沖淡 沖泡",
    "沖衝": "衝突 衝擊 衝刺 衝動 衝鋒 衝破",
    "雲云": "人云亦云 不知所云",
    "發髮": "頭髮 理髮 白髮 毛髮 剪髮",
    "鬱郁": "馥郁 濃郁",
    "穀谷": "山谷 低谷 谷底 峽谷 河谷",
    "籤簽": "簽字 簽名 簽訂 簽約 簽署 簽收 簽發 簽到 簽證",
    "簽籤": "標籤 牙籤 書籤 抽籤",
    "並併": "一併 合併 兼併 吞併 歸併 併購 併入 併發症",
}

EITHER = frozenset(["念唸", "梁樑", "了瞭", "並併", "布佈", "占佔", "台臺", "扎紮", "紮扎", "娘孃"])
"""Pairs of which Taiwan's dictionaries allow both: 橋梁, 了解, 公布, 扎根, 紮實, 娘家."""

ONE_FOR_ALL = frozenset(pair[0] for pair in (*OVER, *ONLY_IN)) | frozenset(
    "傢嚮彆捨剋噹閤迴餘併週睏衕齣傚"
)
"""What a tool writes that always takes the same form."""

MORE_LEFT = HALF | frozenset("划涂泄几") - frozenset("于")
"""What a tool leaves that leaves such characters alone, beyond the words looked for."""

FIRST_FORM = frozenset(["籤簽", "鍾鐘", "復覆", "復複"])
"""What such a tool writes where it does know a form, the first of several: 籤協議, 分鍾, 答復."""

YOUNGEST = re.compile("么(?<=[老家]么)|么(?=[兒妹女弟])")
"""A 么 that is no 麼."""

BESIDE_OVER = re.compile("(?<=製)做|証|昇(?<=[提上晉]昇)|昇(?=級)|瞭|纔")
BESIDE = {"做": "作", "証": "證", "昇": "升", "瞭": "了", "纔": "才"}
"""What stands on a page that takes one form for all, and may be right elsewhere: 証券, 提昇."""

STAYS = re.compile(
    "里(?=的?里(?:长|民|干事))|准(?=不准[假请休去])|(?<=准不)准(?=[假请休去])"
    "|(?<=[扎看听说拿猜瞄算测打量对摸估吃定]不)准"
    "|(?<=[个各每全0-9]村)里|(?<=村)里(?=人口|[级长民邻、]|办公|干事)"
    "|(?<=土)虱|虱(?=目)|(?<=黑客)松"
)
"""What stays by what stands beside it: a district of Taiwan's towns that its headman or its people
follow (永康里的里長, 七千個村里), fish (虱目魚), what is allowed (准不准假, 說不准進) and what hits
(算不準)."""

NOODLES = re.compile("麵(?=[食點條粉包糰團館攤店湯盆桶筋])")
"""What is eaten, whatever stands before it: 東西麵點."""
