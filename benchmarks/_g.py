from articles.importing.repairs import byteshift as B
from articles.importing import realignment as R
from articles.importing.language import LanguageModel
from articles.importing.gbk import damage

t = "点对所有人开放。于是常客里便有了几位特殊讀者，背着編織袋".replace("点", "點")
d = damage(
    "點對所有人開放。于是常客里便有了几位特殊讀者，背着編織袋，衣衫不整", [("讀", "dú")], "?"
)
print(d)
m = LanguageModel("")
i = d.index("??")
r = R.Realigner(m, True, frozenset("讀"), frozenset([i]))
print(r.read(d, i - 2, i + 2))
for b in ["于是。客里便有了", "于是常客里便有了"]:
    b2 = b1 = "#"
    tot = 0
    for c in b:
        if c == "。":
            lp = -2.2
            k = "#"
        else:
            k = c
            lp = m.log_probability(b2, b1, k)
        tot += lp
        print(c, round(lp, 1), end=" ")
        b2, b1 = b1, k
    print(tot)
