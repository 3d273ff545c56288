"""Why a field got its value: what the reader of a page saw, kept for the curator.

A reason is a short code in the data (`draft.Evidence`) and a phrase for people here.
"""

REASONS = {
    "stated": "檔案自己寫明",
    "label": "寫在標籤後面",
    "marked": "排成標題",
    "agrees": "與網頁標題、檔名或導航相同",
    "recurs": "字詞在正文裡反覆出現",
    "title-ending": "結尾是題目常用的詞",
    "next-to-label": "旁邊是日期、來源或摘要等欄位",
    "next-to-byline": "下面就是署名",
    "subtitle-below": "下面有副題",
    "text-below": "下面就是正文",
    "length": "長短像題目",
    "first": "在頁面開頭",
    "bullet": "前面有署名的符號",
    "role": "前面寫著記者、通訊員等身分",
    "surname": "以常見姓氏開頭",
    "rare-surname": "以少見姓氏開頭",
    "below-title": "緊接在題目下面",
    "unit-below": "旁邊是單位名稱",
    "before-text": "下面就是摘要或正文",
    "doubled": "在開頭寫了兩次",
    "closing": "寫在全文末尾",
    "with-date": "與日期寫在同一行",
    "with-title": "寫在題目前面，正文沒有提到他",
    "opens-text": "正文由它開頭",
    "label-row": "下面一行有日期、來源或作者中的幾樣",
    "alone": "上下沒有別的短行",
    "clock": "帶有時刻",
    "era": "民國紀年",
    "issue": "期刊的年份與期號",
    "letterhead": "公文的版頭或落款",
}
