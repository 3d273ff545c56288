// Remarks beside the text: written, answered and taken down while the form stays as it is. Without it
// they are read here, and written on the page of the review.
const say = window.gettext ?? ((text) => text);
const form = document.querySelector(".article-form");
const part = document.getElementById("side-comments");
const listed = part?.querySelector(".remarks");
const fresh = part?.querySelector(".remark-new");
const quoted = fresh?.querySelector("blockquote");
const told = fresh?.querySelector("[role=alert]");
const MOST = 500; // characters of a passage

const editor = () => form.querySelector(".field-body .ProseMirror[contenteditable=true]")?.editor;

/** Show what is marked in the text as the passage that is spoken of. */
function quote() {
  const { doc, selection } = editor()?.state ?? {};
  const words = doc?.textBetween(selection.from, selection.to, "\n").trim() ?? "";
  quoted.textContent = words.slice(0, MOST).replace(/[\ud800-\udbff]$/, "");
  quoted.hidden = !words;
}

function count(number) {
  const tab = document.getElementById(part.getAttribute("aria-labelledby"));
  const shown = tab.querySelector("b") ?? document.createElement("b");
  shown.textContent = number;
  if (number) tab.append(...(shown.parentNode ? [] : [" ", shown]));
  else shown.remove();
}

async function send(fields) {
  const body = new FormData();
  const all = { ...fields, beside: "1", csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value };
  for (const [name, value] of Object.entries(all)) body.append(name, value);
  told.textContent = "";
  try {
    const answer = await fetch(listed.dataset.remarks, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const { list, count: number, error } = await answer.json();
    told.textContent = error;
    listed.innerHTML = list; // made by the desk, as on the page of the review
    count(number);
    return !error;
  } catch {
    told.textContent = say("The desk does not answer. Your words are still here: try again.");
    return false;
  }
}

/** Mark a passage in the text as it is now, saved or not, and bring it into view: its first line. */
function show(words) {
  const { state, commands } = editor();
  let found = null;
  state.doc.descendants((node, at) => {
    if (found || !node.isTextblock) return !found;
    const place = node.textBetween(0, node.content.size, undefined, "\ufffc").indexOf(words.split("\n")[0]);
    if (place >= 0) found = { from: at + 1 + place, to: at + 1 + place + words.split("\n")[0].length };
    return false;
  });
  told.textContent = found ? "" : say("This passage is in the text no more.");
  if (!found) return;
  commands.focus();
  commands.setTextSelection(found);
  const { node } = editor().view.domAtPos(found.from);
  (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).scrollIntoView({ block: "center" });
}

async function act(button) {
  const { do: what } = button.dataset;
  const item = button.closest("[data-comment]");
  const field = item ? item.querySelector("textarea") : fresh.querySelector("textarea");
  if (what === "show") return show(item.querySelector("blockquote").textContent);
  if (what !== "resolve-comment" && !field.value.trim()) return field.focus();
  button.disabled = true;
  const fields = { do: what, comment: item?.dataset.comment ?? "", note: field?.value ?? "" };
  if (what === "comment") fields.quote = quoted.textContent;
  const done = await send(fields);
  button.disabled = false;
  if (done && what === "comment") {
    field.value = "";
    quoted.hidden = true;
    quoted.textContent = "";
  }
  (done && item ? fresh.querySelector("textarea") : field)?.focus();
}

if (fresh) {
  fresh.hidden = false;
  fresh.querySelector("textarea").addEventListener("focus", quote);
  part.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-do]");
    if (button) act(button);
  });
  for (const kind of ["input", "change"]) part.addEventListener(kind, (event) => event.stopPropagation()); // no part of the form
}
