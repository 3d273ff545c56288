// Which passages of a text were on the screen for as long as a person takes to read them. Passages
// are read one after the other, however many are on the screen; the clock stands while the page is
// hidden or has lost the focus, and nothing is told of how long anything took.
const page = document.querySelector(".training[data-seen-url]");
const body = page?.querySelector(".body");
const PACE = 20; // characters a second
const LEAST = 1; // seconds a passage takes at least
const TICK = 250; // ms
const PAUSE = 30000; // ms between two times that the server is told
const LEFT = page?.querySelector("[data-passages-left]");

const marks = body ? [...body.querySelectorAll(".passage")] : [];
const chars = body?.dataset.chars.split(",").map(Number) ?? [];
const seen = new Set(body?.dataset.seen.split(",").filter(Boolean).map(Number));
const left = chars.map((count) => Math.max(LEAST, count / PACE));
let untold = [], last = performance.now(), timer, sending = false;

function ranges() {
  return marks.map((mark, at) => {
    const range = document.createRange();
    range.setStartAfter(mark);
    if (marks[at + 1]) range.setEndBefore(marks[at + 1]);
    else range.setEnd(body, body.childNodes.length);
    return range;
  });
}
const stretches = ranges();

// A passage counts as being read while half of its lines, or half of the screen, are its.
function isOnScreen(range) {
  const { top, bottom, height } = range.getBoundingClientRect();
  const shown = Math.min(bottom, innerHeight) - Math.max(top, 0);
  return shown > 0 && (shown >= height / 2 || shown >= innerHeight / 2);
}

function read(seconds) {
  for (const [at, range] of stretches.entries()) {
    const number = at + 1;
    if (seen.has(number) || !isOnScreen(range)) continue;
    left[at] -= seconds;
    if (left[at] > 0) return; // the others wait their turn
    seen.add(number);
    untold.push(number);
    show();
    return;
  }
}

function show() {
  if (!LEFT) return;
  const missing = chars.length - seen.size;
  const count = LEFT.querySelector("b");
  if (count) count.textContent = missing;
  const first = LEFT.querySelector("[data-first-left]");
  const next = chars.findIndex((_, at) => !seen.has(at + 1));
  if (first && next >= 0) first.href = `#p${next + 1}`;
}

async function tell() {
  clearTimeout(timer);
  timer = undefined;
  if (!untold.length || sending) return;
  const numbers = untold;
  untold = [];
  sending = true;
  try {
    const answer = await fetch(page.dataset.seenUrl, {
      method: "POST",
      body: new URLSearchParams({ passages: numbers.join(","), token: page.dataset.token }),
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
      keepalive: true,
    });
    if (!answer.ok) throw new Error(answer.status);
    const state = await answer.json();
    // What was not believed yet is told again with the next.
    untold = [...numbers.filter((one) => !state.seen.includes(one)), ...untold];
    if (state.done) location.reload();
    else if (seen.size === chars.length && !untold.length && !state.checks.length) location.reload();
  } catch {
    untold = [...numbers, ...untold]; // no connection: told again later
  } finally {
    sending = false;
    if (untold.length) timer ??= setTimeout(tell, PAUSE);
  }
}

const token = () => page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function tick() {
  const now = performance.now();
  const seconds = Math.min(now - last, 4 * TICK) / 1000; // a tab that slept has read nothing
  last = now;
  if (document.visibilityState !== "visible" || !document.hasFocus()) return;
  read(seconds);
  if (seen.size === chars.length) tell();
  else if (untold.length) timer ??= setTimeout(tell, PAUSE);
}

if (page && marks.length) {
  const marked = body.dataset.mark && stretches[Number(body.dataset.mark) - 1];
  if (marked && CSS.highlights) CSS.highlights.set("passage", new Highlight(marked));
  if (!("settled" in page.dataset)) {
    setInterval(tick, TICK);
    document.addEventListener("visibilitychange", () => document.hidden && tell());
    addEventListener("pagehide", tell);
  }
}
