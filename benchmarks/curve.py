"""Draw how search grows with the library: docs/performance.svg, from docs/performance.csv.

    python -m benchmarks.curve

Each row of the table is one run of `benchmarks.search --search`: database, articles, and the p50
and p95 of whole requests in milliseconds.
"""

import csv
import math
from collections import defaultdict
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 48, 130, 24, 40
COLOURS = {"PostgreSQL": "#336791", "SQLite": "#b4552d"}
STEP = 20  # milliseconds from one line to the next

Point = tuple[int, float]


def read(path: Path) -> dict[tuple[str, str], list[Point]]:
    """Return the points of each curve, by database and percentile; fewest articles first."""
    curves: dict[tuple[str, str], list[Point]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for share in ("p50", "p95"):
                point = (int(row["articles"]), float(row[share]))
                curves[row["database"], share].append(point)
    return {name: sorted(points) for name, points in curves.items()}


def draw(curves: dict[tuple[str, str], list[Point]]) -> str:
    """Return the chart as SVG: articles by powers of ten to the right, milliseconds upwards."""
    sizes = [articles for points in curves.values() for articles, _ in points]
    first, last = (round(math.log10(size)) for size in (min(sizes), max(sizes)))
    slowest = max(ms for points in curves.values() for _, ms in points)
    top = STEP * math.ceil(slowest / STEP)

    def x(articles: float) -> float:
        return LEFT + (math.log10(articles) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(ms: float) -> float:
        return HEIGHT - BOTTOM - ms / top * (HEIGHT - TOP - BOTTOM)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" role="img">',
        "<title>Milliseconds of a search by the number of articles</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for ms in range(0, top + 1, STEP):
        lines.append(f'<path d="M{LEFT} {y(ms):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y(ms) + 4:.1f}" text-anchor="end">{ms}</text>')
    for power in range(first, last + 1):
        lines.append(
            f'<text x="{x(10**power):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">'
            f"{10**power:,}</text>"
        )
    lines.append(f'<text x="{LEFT - 8}" y="14" text-anchor="end">ms</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    lines.append(f'<text x="{middle}" y="{HEIGHT - 4}" text-anchor="middle">articles</text>')
    for (database, share), points in curves.items():
        colour, dashes = COLOURS[database], "" if share == "p50" else ' stroke-dasharray="5 4"'
        path = "L".join(f"{x(articles):.1f} {y(ms):.1f}" for articles, ms in points)
        lines.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
        lines += [
            f'<circle cx="{x(articles):.1f}" cy="{y(ms):.1f}" r="3" fill="{colour}"/>'
            for articles, ms in points
        ]
        articles, ms = points[-1]
        lines.append(
            f'<text x="{x(articles) + 8:.1f}" y="{y(ms) + 4:.1f}" fill="{colour}">'
            f"{database} {share}: {ms:.0f}</text>"
        )
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    (DOCS / "performance.svg").write_text(draw(read(DOCS / "performance.csv")), encoding="utf-8")
