"""How soon a first visit shows a page over a slow line: 1.6 Mbit/s, 150 ms, nothing cached.

    python -m benchmarks.first_visit ADDRESS… [--times N]

Addresses are those of pages of a running portal. Chromium, 390 px wide; told are the largest
contentful paint, the layout shift, how many requests there were and what they weighed.
"""

import argparse
import shutil
import statistics

from playwright.sync_api import Browser, CDPSession, sync_playwright

KBIT, LATENCY = 1600, 150  # a second; ms there and back
WATCH = """
window.seen = { paint: 0, shift: 0 };
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.seen.paint = one.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.seen.shift += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def slow_line(session: CDPSession) -> None:
    """Let a page have no more than the slow line, and nothing that was kept."""
    bytes_a_second = KBIT * 1000 / 8
    line = {"offline": False, "latency": LATENCY}
    line |= {"downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)


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
    slow_line(line)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    seen = page.evaluate("window.seen")
    context.close()
    return seen["paint"], seen["shift"], len(weights), sum(weights.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("addresses", nargs="+", metavar="ADDRESS")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for address in options.addresses:
            visit(browser, address)  # the server's own first time
            rows = [visit(browser, address) for _ in range(options.times)]
            paints, shifts, requests, weights = zip(*rows, strict=True)
            print(
                f"{address}: largest paint: median {statistics.median(paints):.0f} ms, slowest "
                f"{max(paints):.0f} ms; layout shift: {max(shifts):.3f}; requests: "
                f"{max(requests)}; bytes: {max(weights):,}",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
