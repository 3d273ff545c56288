// The reader's own part of an article's page: bookmark, the place they were at, and the passage a
// report is about. The page is the same for everyone, so this is asked for apart, and only where a
// cookie tells that somebody signed in. Other readers' places stay in their browser.
const own = document.querySelector(".own");
const body = document.querySelector(".reading .body");
const id = own?.dataset.article;
const bar = own?.querySelector(".resume");
const STAY = 2000; // ms at a place until it counts: leafing through is not reading
const PAUSE = 10000; // ms between two notes of it
const MOST = 100; // places kept in the browser
const WORD = 12; // characters of what is reported with one touch, as the server's form has it
let mine = { signed_in: false }, best = 0, noted = null, resting, sending;

function post(url, fields) {
  return fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": mine.token, Accept: "application/json" },
    keepalive: true, // the page may be going
  });
}

function places() {
  try {
    return new Map(JSON.parse(localStorage.getItem("places")));
  } catch {
    return new Map(); // nothing kept, or the browser keeps nothing
  }
}

function keepHere() {
  const kept = places();
  kept.delete(id); // the last one read goes to the end
  kept.set(id, best);
  try {
    localStorage.setItem("places", JSON.stringify([...kept].slice(-MOST)));
  } catch {
    // the browser keeps nothing
  }
}

// How much of the text lies above the screen, in percent; 100 once its end is in sight.
function place() {
  const { top, bottom, height } = body.getBoundingClientRect();
  return bottom <= innerHeight ? 100 : Math.max(0, Math.min(99, Math.floor((-100 * top) / height)));
}

function goOn() {
  const { top, height } = body.getBoundingClientRect();
  scrollTo({ top: scrollY + top + (height * best) / 100, behavior: "instant" });
  bar.hidden = true;
}

function note() {
  clearTimeout(sending);
  sending = undefined;
  if (noted !== null && best <= noted) return;
  noted = best;
  if (mine.signed_in) post(own.dataset.place, { percent: best }).catch(() => {});
  else if (best) keepHere();
}

function stay() {
  if (document.visibilityState !== "visible") return;
  best = Math.max(best, place());
  sending = sending || setTimeout(note, noted === null ? 0 : PAUSE);
}

function follow() {
  if (best > 0 && best < 100) {
    if (location.hash === "#continue") {
      goOn();
      history.replaceState(null, "", location.pathname + location.search);
    } else if (place() < best) {
      bar.querySelector("b").textContent = `${best} %`;
      bar.hidden = false;
    }
  }
  bar.querySelector("[data-resume]").addEventListener("click", goOn);
  bar.querySelector("[data-close]").addEventListener("click", () => (bar.hidden = true));
  const rest = () => {
    if (!bar.hidden && place() >= best) bar.hidden = true;
    clearTimeout(resting);
    resting = setTimeout(stay, STAY);
  };
  addEventListener("scroll", rest, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") rest();
    else if (sending) note();
  });
  rest();
}

function offerBookmark() {
  const shown = [];
  for (const link of document.querySelectorAll("[data-bookmark]")) {
    const button = document.createElement("button");
    const labels = [link.textContent, link.dataset.bookmark];
    shown.push(() => (button.textContent = labels[Number(mine.bookmarked)]));
    button.type = "button";
    button.className = link.className;
    button.addEventListener("click", async () => {
      try {
        const answer = await post(link.href, { wanted: Number(!mine.bookmarked) });
        mine.bookmarked = (await answer.json()).bookmarked;
        shown.forEach((show) => show());
      } catch {
        location.assign(link.href); // signed out meanwhile, or no connection: the page says which
      }
    });
    link.replaceWith(button);
  }
  shown.forEach((show) => show());
}

function markedText() {
  const marked = getSelection();
  return body.contains(marked.anchorNode) ? marked.toString().trim() : "";
}

// A word that is marked is reported with one touch: its form is fetched, with what it needs, and sent.
function offerWord(report) {
  const offer = own.querySelector(".word");
  const button = offer.querySelector("button");
  const [label, name] = [button.firstChild, button.querySelector("b")];
  const asked = label.data;
  let shown = "", busy = false;
  document.addEventListener("selectionchange", () => {
    if (busy) return;
    const text = markedText();
    const isWord = text && [...text].length <= WORD && !text.includes("\n");
    if (isWord) {
      shown = text;
      [label.data, name.textContent, button.disabled] = [asked, text, false];
    }
    if (isWord || !button.disabled) offer.hidden = !isWord; // thanks stay until the next word
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // the mark stays
  button.addEventListener("click", async () => {
    const form = new URL(report.href);
    form.searchParams.set("passage", shown);
    busy = button.disabled = true;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(form)).text(), "text/html");
      const sent = new FormData(page.querySelector("form.form"));
      const answer = await fetch(report.href, { method: "POST", body: new URLSearchParams(sent) });
      if (!answer.ok) throw new Error(answer.status);
      label.data = `${button.dataset.sent} `;
    } catch {
      location.assign(form); // the page says what is in the way
    }
    busy = false;
  });
}

function quotePassage() {
  const report = own.querySelector("[data-report]");
  offerWord(report);
  const quote = () => {
    const text = markedText();
    // Cut between two characters: 𠮷 counts as two, and half of it is sent as �.
    const passage = text.slice(0, 300).replace(/[\ud800-\udbff]$/, "");
    const url = new URL(report.href);
    if (passage) url.searchParams.set("passage", passage);
    else url.searchParams.delete("passage");
    report.href = url;
  };
  // Before the click, which takes the mark away.
  for (const event of ["pointerdown", "keydown"]) report.addEventListener(event, quote);
}

// Who may edit the text gets a way to it, which leads to the passage at the top of the screen.
function offerEditing() {
  const link = document.createElement("a");
  const aim = () => {
    const parts = [...body.children];
    const here = parts.findIndex((part) => part.getBoundingClientRect().bottom > innerHeight / 4);
    link.href = here > 0 ? `${mine.edit}#passage=${here}` : mine.edit;
  };
  link.className = "tool edit";
  link.textContent = own.dataset.edit;
  link.href = mine.edit;
  for (const event of ["pointerdown", "keydown"]) link.addEventListener(event, aim);
  document.querySelector(".reading .tools").append(link);
}

async function begin() {
  quotePassage();
  if (document.cookie.split("; ").some((one) => one.startsWith("signed_in="))) {
    try {
      mine = await (await fetch(`${own.dataset.state}?article=${id}`)).json();
    } catch {
      return; // no connection: the links lead on
    }
  }
  if (mine.signed_in) offerBookmark();
  if (mine.edit) offerEditing();
  if (mine.signed_in && !mine.keeps) return;
  best = mine.signed_in ? mine.percent : (places().get(id) ?? 0);
  follow();
}

if (own && body) begin();
