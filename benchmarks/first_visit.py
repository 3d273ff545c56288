"""How soon a first visit shows an article over a slow line: 1.6 Mbit/s, 150 ms, nothing cached.

    python -m benchmarks.first_visit ADDRESS [TIMES]

The address is that of an article of a running portal. Chromium, 390 px wide; told are the largest
contentful paint, the layout shift, how many requests there were and what they weighed.
"""

import shutil
import statistics
import sys

from playwright.sync_api import Browser, sync_playwright

KBIT, LATENCY = 1600, 150  # a second; ms there and back
_WATCH = """
window.seen = { paint: 0, shift: 0 };
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.seen.paint = one.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.seen.shift += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def visit(browser: Browser, address: str) -> tuple[float, float, int, int]:
    """Return the largest paint in ms, the layout shift, the requests and their bytes."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    weights: dict[str, int] = {}
    line.on(
        "Network.loadingFinished",
        lambda e: weights.update({e["requestId"]: e["encodedDataLength"]}),
    )
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": KBIT * 1000 / 8,
            "uploadThroughput": KBIT * 1000 / 8,
        },
    )
    page.add_init_script(_WATCH)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    seen = page.evaluate("window.seen")
    context.close()
    return seen["paint"], seen["shift"], len(weights), sum(weights.values())


def main(address: str, times: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        visit(browser, address)  # the server's own first time
        rows = [visit(browser, address) for _ in range(times)]
        browser.close()
    paints, shifts, requests, weights = zip(*rows, strict=True)
    print(
        f"largest paint: median {statistics.median(paints):.0f} ms, slowest {max(paints):.0f} ms; "
        f"layout shift: {max(shifts):.3f}; requests: {max(requests)}; bytes: {max(weights):,}"
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
