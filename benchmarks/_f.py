import sys
from articles.importing.repairs import byteshift as B
from articles.importing.repairs.frame import Page
from articles.importing.language import LanguageModel

text = "他說：“火大了!”“沒大!薄拔衣?wén)着糊了,你還說沒有。\n她從來不許我碰?!?\n說:“像我娘在哭!苯淌依镆幌伦屿o(jìng)了。先生走過去,讓孩子們在教室聽雨。"
m = LanguageModel(text)
for x in B._MARK.finditer(text):
    print(x, B._is_odd(text, x, m, True, True))
orig = B._gives


def g(r, *a):
    x = orig(r, *a)
    print("   gives" if x else "   REJECT", r)
    return x


oread = B.Realigner.read


def rd(self, t, s, l):
    r = oread(self, t, s, l)
    print("read", repr(t[s : r[0]]), l - s, [(x.text, round(x.score, 1)) for x in r[1][:8]])
    return r


B._gives = g
B.Realigner.read = rd
for s in B.sites(Page(text)):
    print("SITE", s.silent, [(r.text, round(r.score, 1)) for r in s.readings[:5]], s.as_it_stands)
