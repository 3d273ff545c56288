"""How much of the judged sentences comes out wrong, ours and others', and how long a page takes.

    python -m benchmarks.conversion [--other PYTHON] [--show]

`--other` is an interpreter of an environment in which OpenCC itself is installed (`pip install
opencc`; its module has the name of ours, so not in this one). Of others, 臺 and 賬 count as the 台
and 帳 that are written here. `--show` tells each sentence of ours
that is not right. The last lines try other tolerances for phrases that are not quite words.
"""

import argparse
import json
import subprocess
import time
import tracemalloc
from collections.abc import Callable

import opencc

from articles.text import script
from articles.text.script import conversion
from articles.text.script.opencc_tables import styled
from tests.support.conversion import PARTS, judged, wrong
from tests.support.places import ESSAYS

_RUN_OTHER = """
import json, sys, opencc
made = {}
for name, text in json.load(sys.stdin):
    converter = made.setdefault(name, opencc.OpenCC(name))
    print(json.dumps(converter.convert(text)))
"""
_NAMES = {script.HANT: "s2tw", script.HANS: "tw2s"}


def package() -> Callable[[str, str, str], str]:
    """Return the conversion of the package as it comes."""
    made = {target: opencc.OpenCC(name) for target, name in _NAMES.items()}
    return lambda text, target, original: styled(made[target].convert(text))


def other(interpreter: str) -> Callable[[str, str, str], str]:
    """Return the conversion of another environment, asked once for all judged sentences."""
    asked = [
        (_NAMES[target], text)
        for part in PARTS
        for sentence in judged(part)
        for target, text in ((script.HANT, sentence.hans), (script.HANS, sentence.hant))
    ]
    run = subprocess.run(  # noqa: S603
        [interpreter, "-c", _RUN_OTHER],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = dict(zip(asked, map(json.loads, run.stdout.splitlines()), strict=True))
    return lambda text, target, original: styled(answers[_NAMES[target], text])


def scores(convert: Callable[[str, str, str], str]) -> str:
    found = []
    for part in PARTS:
        for target in (script.HANT, script.HANS):
            count, size, _ = wrong(part, target, convert)
            found.append(f"{part} → {target[3:]}: {count:4} ({count * 10_000 / size:6.1f})")
    return "   ".join(found)


def speed() -> None:
    text = "".join(file.read_text("utf-8") for file in sorted(ESSAYS.glob("*.txt")))
    hans = script.convert(text, script.HANS, script.HANT)[:5000]
    hant = script.convert(hans, script.HANT, script.HANS)
    for name, source, target, original in (
        ("into traditional", hans, script.HANT, script.HANS),
        ("into simplified", hant, script.HANS, script.HANT),
    ):
        begun = time.process_time()
        for _ in range(50):
            script.convert(source, target, original)
        print(f"5,000 characters {name}: {(time.process_time() - begun) * 20:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--other")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()

    tracemalloc.start()
    begun = time.process_time()
    for target, original in (script.SCRIPTS, script.SCRIPTS[::-1]):
        script.convert("工会工會", target, original)
    print(f"tables compiled in {time.process_time() - begun:.2f} s (traced), ", end="")
    print(f"{tracemalloc.get_traced_memory()[0] / 2**20:.0f} MB kept")
    tracemalloc.stop()
    speed()
    print("\nwrong characters (of 10,000)")
    print(f"ours          {scores(script.convert)}")
    print(f"the package   {scores(package())}")
    if options.other:
        print(f"OpenCC itself {scores(other(options.other))}")
    for part in PARTS if options.show else ():
        for target in (script.HANT, script.HANS):
            print(*wrong(part, target)[2], sep="\n")
    print()
    for tolerance in (0.0, 1.0, 1.5, 2.0, 3.0, 4.5, 6.0, 8.0):
        conversion.TOLERANCE = tolerance
        print(f"tolerance {tolerance}: {scores(script.convert)}")


if __name__ == "__main__":
    main()
