"""How well text out of step by a byte is found and read: damage clean essays, then look.

python -m benchmarks.byteshift [--field NAME] [--pages N] [-v]
"""

import random, re, sys, time
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from articles import script
from articles.importing.edits import Record
from articles.importing.gbk import damage
from articles.importing.language import _model
from articles.importing.readings import readings
from articles.importing.repairs import REPAIRS, run
from tests.damage import ESSAYS, keys_of, read_essay, to_traditional

MODE = None
CORPUS = Path("tests/corpus")


def texts(field):
    if field == "essays":
        for path in sorted(ESSAYS.iterdir()):
            e = read_essay(path.name)
            if e["script"] == script.HANS:
                yield e.body
        return
    for t in (CORPUS / f"{field}.txt").read_text("utf-8").split("\n%%\n"):
        t = t.strip("%\n")
        if t:
            yield t


def frequent_keys():
    single = _model()[0].single
    forms = [
        c
        for c in script.traditional_forms()
        if len(c.encode("gb18030")) == 2 and any(not r.isascii() for r in readings().get(c, ()))
    ]
    forms.sort(key=lambda c: (-single.get(script.fold(c), 0), c))
    return forms[:1200]


def pages(field, group=3):
    ts = list(texts(field))
    if field == "essays":
        group = 1
    freq = frequent_keys()
    for at in range(0, len(ts), group):
        truth = to_traditional("\n".join(ts[at : at + group]))
        present = [c for c, _ in keys_of(truth, 10_000)]
        for number, (dangling, cut) in enumerate((("?", True), ("", True), ("?", False))):
            if MODE is not None and number not in MODE:
                continue
            rng = random.Random(f"{field} {at} {number}")
            known = rng.sample(present[:90], min(len(present[:90]), rng.choice((13, 33, 54, 80))))
            hidden = rng.sample(freq, 150)
            hidden = [c for c in hidden if c not in truth or c in known]
            keys = [
                (c, rng.choice(sorted(r for r in readings().get(c, ()) if not r.isascii())))
                for c in dict.fromkeys([*known, *hidden])
                if any(not r.isascii() for r in readings().get(c, ()))
            ]
            rng.shuffle(keys)
            yield (
                truth,
                damage(truth.replace("\n", "\r\n"), keys, dangling, cut).replace("\r\n", "\n"),
                keys,
            )


MARKS = str.maketrans("，；：？！（）", ",;:?!()")


def norm(t):
    return script.comparable(t).translate(MARKS)


def diffs(a, b):
    """(a0,a1,b0,b1) differing regions, merged when < 3 equal chars between."""
    out = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if out and b0 - out[-1][3] < 3 and a0 - out[-1][1] < 3:
            out[-1] = (out[-1][0], a1, out[-1][2], b1)
        else:
            out.append((a0, a1, b0, b1))
    return out


def score(truth, page, keys, verbose=False):
    record = Record(page)
    run(record, REPAIRS)
    plain = page
    glosses = dict(keys)
    plain = re.sub(
        r"([\u3400-\u9fff])\(([^()\s]{1,7})\)",
        lambda m: m[1] if glosses.get(m[1]) == m[2] else m[0],
        page,
    )
    counts = Counter()
    flags = [
        (*record.span_in_text(f.start, f.end), f) for f in record.flags if f.kind == "lost-text"
    ]
    tl, dl, rl = truth.split("\n"), plain.split("\n"), record.text.split("\n")
    if not len(tl) == len(dl) == len(rl):
        counts["lines"] += 1
        return counts
    offset = 0
    used = set()
    for t, d, r in zip(tl, dl, rl):
        nt, nd, nr = norm(t), norm(d), norm(r)
        spans = [
            (max(0, s - offset), e - offset, i, f)
            for i, (s, e, f) in enumerate(flags)
            if offset <= s <= offset + len(r)
        ]
        offset += len(r) + 1
        sites = diffs(nd, nt) if nd != nt else []
        wrong = diffs(nr, nt) if nr != nt else []
        counts["sites"] += len(sites)
        taken = set()
        for a0, a1, b0, b1 in sites:
            bad = [w for w in wrong if w[2] <= b1 and w[3] >= b0]
            for w in bad:
                taken.add(w)
            if not bad:
                counts["exact"] += 1
                continue
            silent = [
                w for w in bad if not any(s <= w[0] + 1 and w[1] - 1 <= e for s, e, _, _ in spans)
            ]
            hit = [x for x in spans if any(x[0] <= w[1] and x[1] >= w[0] for w in bad)]
            if silent:
                counts["wrong"] += 1
                if verbose:
                    print(
                        "WRONG",
                        d[max(0, a0 - 8) : a1 + 8],
                        "| got",
                        r[max(0, silent[0][0] - 8) : silent[0][1] + 8],
                        "| truth",
                        t[max(0, b0 - 8) : b1 + 8],
                    )
                continue
            counts["flagged"] += 1
            rank = 0
            for s, e, i, f in hit:
                if i in used:
                    rank = rank or 9
                for n, c in enumerate(f.candidates, 1):
                    got = norm(r[max(0, s - 8) : s] + c + r[e : e + 8])
                    # other wrong places close by may spoil the context: compare with as much as agrees
                    if norm(r[max(0, s - 4) : s] + c + r[e : e + 4]) in nt:
                        rank = n
                        break
                if not f.candidates:
                    rank = -1
            counts[f"rank{rank}"] += 1
            if verbose and rank != 1:
                print(
                    "FLAG",
                    rank,
                    d[max(0, a0 - 8) : a1 + 8],
                    "| truth",
                    t[max(0, b0 - 8) : b1 + 8],
                    "|",
                    [(r[max(0, s - 4) : s], r[s:e], f.candidates) for s, e, _, f in hit],
                )
        for w in wrong:
            if w not in taken and not any(s <= w[0] + 1 and w[1] - 1 <= e for s, e, _, _ in spans):
                counts["damage"] += 1
                if verbose:
                    print(
                        "DAMAGE",
                        r[max(0, w[0] - 8) : w[1] + 8],
                        "| truth",
                        t[max(0, w[2] - 8) : w[3] + 8],
                    )
        counts["quiet flags"] += sum(
            1 for s, e, _, _ in spans if not any(s <= w[1] and e >= w[0] for w in wrong)
        )
    return counts


if __name__ == "__main__":
    from articles.importing.repairs import byteshift as B

    B._CERTAIN = next((float(a[2:]) for a in sys.argv if a.startswith("-m")), B._CERTAIN)
    fields = [a for a in sys.argv[1:] if not a.startswith("-")] or ["essays"]
    limit = next((int(a[2:]) for a in sys.argv if a.startswith("-n")), 10**6)
    for field in fields:
        total = Counter()
        start = time.time()
        chars = 0
        for n, (truth, page, keys) in enumerate(pages(field)):
            if n >= limit:
                break
            total += score(truth, page, keys, "-v" in sys.argv)
            chars += len(page)
        s = max(1, total["sites"])
        print(
            field,
            n,
            "pages",
            chars,
            "chars",
            f"{time.time() - start:.0f} s",
            total["sites"],
            "sites",
        )
        for k in sorted(total):
            print(f"   {k:12} {total[k]:5} {total[k] / s:7.1%}")
