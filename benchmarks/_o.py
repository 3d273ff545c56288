import sys, re
from benchmarks._b import *
from articles.importing.language import LanguageModel
from articles.importing.gbk import half


def oddness(model, s, n=4):
    # mean nats of the first n characters
    b2 = b = "#"
    tot = 0
    k = 0
    for ch in s[:n]:
        if "\u3400" <= ch <= "\u9fff":
            f = script.fold(ch)
            lp = model.log_probability(b2, b, f)
            b2, b = b, f
            if ch in script.simplified_forms():
                lp -= 5
        elif ch.isascii() and ch.isalpha():
            lp = -12
            b2, b = b, "#"
        elif ch in "“”、。《》（）":
            lp = -3
            b2, b = b, "#"
        elif ch in ",;:!?()\n":
            break
        else:
            lp = -6
            b2, b = b, "#"
        tot += lp
        k += 1
    return tot / max(k, 1), k


good = []
bad = []
for field in sys.argv[1:]:
    for n, (truth, page, keys) in enumerate(pages(field)):
        if n >= 30:
            break
        model = LanguageModel(half(truth))
        model = LanguageModel("")
        g = dict(keys)
        plain = re.sub(
            r"([\u3400-\u9fff])\(([^()\s]{1,7})\)",
            lambda m: m[1] if g.get(m[1]) == m[2] else m[0],
            page,
        )
        for t, d in zip(truth.split("\n"), plain.split("\n")):
            t = half(t)
            if t == d:
                sites = []
            else:
                sites = diffs(d, t)
            for m in re.finditer(r"[,;!?]", d):
                i = m.end()
                o, k = oddness(model, d[i : i + 6])
                if k == 0:
                    continue
                isbad = any(a0 < i <= a1 for a0, a1, _, _ in sites) and not any(
                    a0 <= i - 2 and d[a0:a1].count("?") and "(" in d[a0:a1]
                    for a0, a1, _, _ in sites
                )
                inside = any(a0 - 1 <= i <= a1 + 1 for a0, a1, _, _ in sites)
                if isbad:
                    bad.append((o, k, d[max(0, i - 5) : i + 6]))
                elif not inside:
                    good.append((o, k, d[max(0, i - 5) : i + 6]))
print(len(good), len(bad))
import bisect

for th in (-6, -6.5, -7, -7.5, -8, -8.5, -9, -10):
    print(
        th,
        "good below",
        sum(g[0] < th for g in good) / len(good),
        "bad above",
        sum(b[0] >= th for b in bad) / max(1, len(bad)),
    )
for b in sorted(bad, reverse=True)[:25]:
    print(b)
for g in sorted(good)[:25]:
    print("good", g)
