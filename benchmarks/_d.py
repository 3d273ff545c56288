import sys
from benchmarks._b import *
from articles.importing.repairs.byteshift import *
from articles.importing.repairs.byteshift import _gives, _annotated
from articles.importing.repairs import byteshift as B
from articles.importing.repairs.frame import Page
from articles.importing import repairs as RR

want = sys.argv[2]
for truth, page, keys in pages(sys.argv[1]):
    if want in page:
        rec = Record(page)
        steps = RR.REPAIRS[: [r.name for r in RR.REPAIRS].index("realign_bytes_out_of_step")]
        run(rec, steps)
        pg = Page(rec.text, (), rec.source, tuple(rec.edits))
        ks = _annotated(pg)
        i = rec.text.find(want[: int(sys.argv[3])])
        print(rec.text[i - 10 : i + 40])
        orig = B._gives

        def g(r, *a):
            x = orig(r, *a)
            if abs(pos - i) < 60:
                print("   gives" if x else "   REJECT", r)
            return x

        oread = B.Realigner.read

        def rd(self, text, start, last):
            global pos
            pos = start
            r = oread(self, text, start, last)
            if abs(start - i) < 60:
                print(
                    "read",
                    start - i,
                    repr(text[start : r[0]]),
                    last - i,
                    [(x.text, round(x.score, 1)) for x in r[1][:8]],
                )
            return r

        B._gives = g
        B.Realigner.read = rd
        for s in B.sites(pg):
            if abs(s.start - i) < 60:
                print(
                    "SITE",
                    s.silent,
                    [(r.text, round(r.score, 1)) for r in s.readings[:5]],
                    s.as_it_stands,
                )
        break
