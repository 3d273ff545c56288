// The form of an article: tabs beside the text (a sheet below it on a phone), where the form begins,
// errors that lead to their fields, how many characters there are.
const say = window.gettext ?? ((text) => text);
const form = document.querySelector(".article-form");
const side = form?.querySelector(".editor-side");
const isPhone = matchMedia("(width < 64rem)");

const editorOf = (name) =>
  form.querySelector(`.field-${name} .ProseMirror[contenteditable=true]`);

// Tabs

const parts = [...(side?.querySelectorAll("[data-tab]") ?? [])];
const tabs = parts.map((part, number) => {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.id = `tab-${part.id}`;
  tab.textContent = part.dataset.tab;
  if (part.dataset.count) {
    const count = document.createElement("b");
    count.textContent = part.dataset.count;
    tab.append(" ", count);
  }
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", part.id);
  part.setAttribute("role", "tabpanel");
  part.setAttribute("aria-labelledby", tab.id);
  tab.addEventListener("click", () => {
    const again = side.classList.contains("open") && !part.hidden;
    side.classList.toggle("open", isPhone.matches && !again);
    open(number); // what is fetched when it is looked at finds it in sight
  });
  return tab;
});

/** Show one tab; which it was stays for the next article. */
function open(number) {
  parts.forEach((part, one) => {
    part.hidden = one !== number;
    tabs[one].setAttribute("aria-selected", String(one === number));
    tabs[one].tabIndex = one === number ? 0 : -1;
  });
  try {
    localStorage.setItem("editor:tab", parts[number].id);
  } catch {
    // Storage is off: the first tab is as good.
  }
  parts[number].dispatchEvent(new CustomEvent("tab-open"));
}

function makeTabs() {
  const bar = side.querySelector(".side-tabs");
  bar.append(...tabs);
  bar.hidden = false;
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", side.getAttribute("aria-label"));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    open(next);
    tabs[next].focus();
  });
  side.addEventListener("keydown", (event) => {
    const shuts = event.key === "Escape" && side.classList.contains("open");
    if (!shuts || side.querySelector(".select2-container--open")) return; // which is shut first
    side.classList.remove("open");
    bar.querySelector("[aria-selected=true]").focus();
  }, true); // choices with completion tell nobody of their keys
  isPhone.addEventListener("change", () => side.classList.remove("open"));
  let last = null;
  try {
    last = localStorage.getItem("editor:tab");
  } catch {
    // See above.
  }
  open(Math.max(0, parts.findIndex((part) => part.id === last)));
  side.classList.add("tabbed");
}

// The text of the source: fetched when it is looked at, and scrolled with the text beside it.

function source() {
  const box = side.querySelector(".source-text");
  if (!box) return;
  const part = box.closest("[data-tab]");
  const bare = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
  let lines = [];

  /** Show the line of the source that the first paragraph in view was made of. */
  function follow() {
    const blocks = [...(editorOf("body")?.children ?? [])];
    const at = blocks.findIndex((one) => one.getBoundingClientRect().bottom > 130);
    if (part.hidden || at < 0 || !lines.length) return;
    const start = bare(blocks[at].textContent).slice(0, 8);
    const guess = Math.round((at / blocks.length) * lines.length);
    const near = lines
      .map((line, number) => [Math.abs(number - guess), line])
      .filter(([, line]) => start && line.bare.includes(start))
      .sort(([one], [other]) => one - other);
    const found = near[0]?.[1] ?? lines[guess];
    box.querySelector(".here")?.classList.remove("here");
    if (near.length) found.element.classList.add("here");
    box.scrollTop = found.element.offsetTop - box.offsetTop - 8;
  }

  async function load() {
    if (box.dataset.text === undefined) return follow();
    const { text } = box.dataset;
    delete box.dataset.text;
    const answer = await fetch(text, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    box.innerHTML = await answer.text();
    lines = [...box.children].map((element) => ({ element, bare: bare(element.textContent) }));
    follow();
  }

  let asked = false;
  addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      follow();
    });
  }, { passive: true });
  part.addEventListener("tab-open", load);
}

// Fields

/** Go to a field wherever it stands: its tab is opened, the editor has its own way of being entered. */
function goTo(name) {
  const row = form.querySelector(`.field-${name}`);
  if (!row) return;
  const within = parts.findIndex((part) => part.contains(row));
  if (within >= 0) {
    open(within);
    side.classList.toggle("open", isPhone.matches);
  }
  row.closest("details")?.setAttribute("open", "");
  const inner = editorOf(name);
  const fields = "input:not([type=hidden]), textarea, select, .select2-selection";
  const field = inner ?? [...row.querySelectorAll(fields)].find((one) => one.offsetParent);
  field?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
}

function nameOf(link) {
  const id = decodeURIComponent(link.hash.slice(1));
  return link.dataset.field ?? id.replace(/^id_/, "").replace(/_\d+$/, "");
}

form?.addEventListener("click", (event) => {
  const link = event.target.closest(".errornote a[href^='#'], a[data-field]");
  if (!link) return;
  event.preventDefault();
  link.closest("details")?.removeAttribute("open");
  goTo(nameOf(link));
});

// The title: as high as it is long, and Enter goes on to the text.

function titleBegins() {
  const title = form.elements.title;
  if (title?.tagName !== "TEXTAREA") return;
  const fit = () => {
    title.style.height = "0";
    title.style.height = `${title.scrollHeight}px`;
  };
  if (!CSS.supports("field-sizing", "content")) {
    title.addEventListener("input", fit);
    fit();
  }
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const text = editorOf("body");
    text?.focus();
    if (text) getSelection().collapse(text.firstElementChild ?? text, 0);
  });
  title.addEventListener("input", () => {
    if (/[\r\n]/.test(title.value)) title.value = title.value.replace(/\s*[\r\n]+\s*/g, " ");
  });
}

function enter() {
  const error = form.querySelector("#form-errors a");
  if (error) goTo(nameOf(error));
  else if (form.querySelector("#form-errors")) form.querySelector("#form-errors").focus();
  else if (!location.hash && !isPhone.matches && !form.querySelector(".conflict")) {
    form.elements.title?.focus({ preventScroll: true });
  }
}

// The menu of ways to save

function menu() {
  const more = form.querySelector(".more-ways");
  if (!more) return;
  document.addEventListener("click", ({ target }) => {
    if (!more.contains(target)) more.open = false;
  });
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    more.open = false;
    more.querySelector("summary").focus();
  });
}

// Ctrl+S keeps the draft, as it does everywhere.

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
  const keep = form?.querySelector("[name=_continue]");
  if (!keep) return;
  event.preventDefault();
  keep.click();
});

// How long it is

/** Count as printers do: each character of Chinese is one, each word of another script. */
function lengthOf(text) {
  const wide = text.match(/[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu)?.length ?? 0;
  const words = text.match(/[\p{Script=Latin}\p{N}]+/gu)?.length ?? 0;
  return wide + words;
}

function count(editor) {
  const shown = document.getElementById("desk-count");
  const tell = () => {
    const number = lengthOf(editor.getText()).toLocaleString();
    shown.textContent = say("%s characters").replace("%s", number);
  };
  let later;
  editor.on("update", () => {
    clearTimeout(later);
    later = setTimeout(tell, 300);
  });
  tell();
}

if (form) {
  if (parts.length) {
    source();
    makeTabs();
  }
  titleBegins();
  menu();
  enter();
  window.desk?.whenReady((editor, area) => area.name === "body" && count(editor));
}
