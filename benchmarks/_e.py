from benchmarks._b import *
from articles.importing.gbk import *
from articles.importing.repairs.byteshift import _straddling

r = "。牆上挂着制度，桌一一"
st = {}
for c in _straddling(r, "duó"):
    st[c] = "duó"
print(st)
for d in "?", "":
    print(damage(r, list(st.items()), d))
for d in "?", "":
    print(damage("。牆上挂着制度，桌上擺着紙巾，職工進來的時候", list(st.items()), d))
print({c: bytes(codes()[c]).hex() for c in "牆上挂着制度，桌上擺"})
for truth, page, keys in pages("essays"):
    if "牆?duó)瞎易胖贫?" in page:
        print([k for k in keys if k[1] == "duó"], truth[truth.index("牆上挂") :][:12])
