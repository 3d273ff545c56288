// Readers' page beside the text that is being written: made by the desk as the preview is, from what
// stands in the form, and kept nowhere. One is asked for at a time; what is typed meanwhile comes next.
const say = window.gettext ?? ((text) => text);
const form = document.querySelector(".article-form");
const notes = document.getElementById("desk-edit");
const part = document.getElementById("side-live");
const told = part?.querySelector("[role=status]");
const room = part?.querySelector(".live-frame");
const STORE = "editor:live";
const WAIT = 600; // ms after the last change
const PARTS = [".article-head", ".outline ol", ".body", ".gaps"];
const TYPED = ["title", "summary", "body"];
const DESKTOP = 1100; // px, drawn smaller
let choice = { script: document.documentElement.lang === "zh-hans" ? "zh-Hans" : "zh-Hant", width: "phone" };
let frame = null, timer, running = false, again = false;

function keep() {
  try {
    localStorage.setItem(STORE, JSON.stringify(choice));
  } catch {
    // Storage is full or off: it is chosen anew the next time.
  }
}

const text = () => form.querySelector(".field-body .ProseMirror[contenteditable=true]");
const page = () => frame?.contentDocument?.querySelector("article.reading");
const isOpen = () => !part.hidden && Boolean(part.offsetParent);

/** Put what changed into the page that stands there: what else it holds stays, and nothing flickers. */
function put(made) {
  const standing = page(), coming = made.querySelector("article.reading");
  if (!standing || !coming) return false;
  const pairs = PARTS.map((one) => [standing.querySelector(one), coming.querySelector(one)]);
  if (pairs.some(([old, anew]) => !old !== !anew)) standing.replaceWith(coming);
  else for (const [old, anew] of pairs) old?.replaceChildren(...anew.childNodes);
  return true;
}

async function ask() {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const name of TYPED) if (form.elements[name]) body.append(name, form.elements[name].value);
  const answer = await fetch(`${notes.dataset.preview}?script=${choice.script}`, { method: "POST", body, credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function renew() {
  clearTimeout(timer);
  if (!isOpen() || !page()) return;
  again = running;
  if (running) return;
  running = true;
  const { script } = choice;
  try {
    const made = await ask();
    if (script === choice.script && put(made)) {
      told.textContent = "";
      follow();
      part.dataset.renewed = Number(part.dataset.renewed ?? 0) + 1;
    }
  } catch {
    told.textContent = say("The desk does not answer: this is how it was before.");
  }
  running = false;
  if (again) renew();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(renew, WAIT);
}

/** Show the passage that stands at the top of the text. */
function follow() {
  const shown = page()?.querySelector(".body"), window_ = frame?.contentWindow;
  if (!shown || !isOpen()) return;
  const blocks = [...(text()?.children ?? [])];
  const top = form.querySelector(".field-body .prose-menubar")?.getBoundingClientRect().bottom ?? 0;
  const at = blocks.findIndex((one) => one.getBoundingClientRect().bottom > top);
  const here = blocks[at]?.getBoundingClientRect();
  const there = shown.children[Math.min(at, shown.children.length - 1)]?.getBoundingClientRect();
  if (!here || !there || (at === 0 && here.top > top)) return window_.scrollTo(0, 0);
  const passed = Math.min(Math.max((top - here.top) / here.height, 0), 1);
  window_.scrollTo(0, window_.scrollY + there.top + passed * there.height - 24);
}

/** Give the page the room there is: a phone as it is, a desk drawn smaller. */
function fit() {
  if (!frame || !isOpen()) return;
  const { clientWidth: wide, clientHeight: high } = room;
  const scale = choice.width === "desktop" ? Math.min(wide / DESKTOP, 1) : 1;
  Object.assign(frame.style, {
    width: choice.width === "desktop" ? `${DESKTOP}px` : `${Math.min(390, wide)}px`,
    height: `${high / scale}px`,
    transform: scale === 1 ? "" : `scale(${scale})`,
    marginInline: choice.width === "desktop" ? "" : "auto",
  });
  follow();
}

function begin() {
  if (!notes.dataset.preview || !isOpen()) return;
  if (!frame) {
    frame = Object.assign(document.createElement("iframe"), { title: say("Preview") });
    frame.addEventListener("load", () => {
      frame.contentDocument.addEventListener("click", (event) => {
        if (event.target.closest("a[href]:not([href^='#'])")) event.preventDefault(); // it stays this page
      });
      fit();
      renew();
    });
    room.replaceChildren(frame);
    new ResizeObserver(fit).observe(room);
  }
  const address = `${notes.dataset.preview}?script=${choice.script}`;
  if (frame.dataset.at === address) renew();
  else {
    told.textContent = "";
    frame.dataset.at = frame.src = address;
  }
}

function show() {
  for (const button of part.querySelectorAll(".live-do button")) {
    const [[name, value]] = Object.entries(button.dataset);
    button.setAttribute("aria-pressed", String(choice[name] === value));
  }
}

if (part && notes) {
  try {
    choice = { ...choice, ...JSON.parse(localStorage.getItem(STORE)) };
  } catch {
    // Storage is off, or not ours.
  }
  show();
  part.addEventListener("click", ({ target }) => {
    const button = target.closest(".live-do button");
    if (!button) return;
    Object.assign(choice, button.dataset);
    keep();
    show();
    begin();
    fit();
  });
  part.addEventListener("tab-open", begin);
  begin(); // the tab was open when the form was left
  form.addEventListener("input", later);
  form.addEventListener("desk:saved", later);
  form.addEventListener("desk:made", begin);
  window.desk.whenReady((editor, area) => {
    if (!form.contains(area)) return;
    editor.on("update", later);
    later();
  });
  let asked = false;
  addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      follow();
    });
  }, { passive: true });
}
