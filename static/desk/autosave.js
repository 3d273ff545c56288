// The form saves itself to the desk while somebody writes: as a draft, never before readers, never over
// what another saved. What the desk did not take stays in the browser (edit.js), and that is told.
const say = window.gettext ?? ((text) => text);
const notes = document.getElementById("desk-edit");
const form = notes?.closest("form");
const shown = document.getElementById("desk-saved-at");
const WAIT = 3000; // ms after the last change
const AGAIN = 30_000; // ms after the line was down
const TOLD = {
  incomplete: say("Kept in this browser only: something is missing or wrong in the form"),
  overtaken: say("Somebody else saved meanwhile: nothing is saved by itself any more"),
  binned: say("In the recycle bin: nothing is saved by itself any more"),
  down: say("The desk does not answer: kept in this browser only"),
};
let timer, running = null, changed = false, stopped = false;

function tell(text, warn = false) {
  shown.textContent = text;
  shown.classList.toggle("warn", warn);
}

const texts = () =>
  Object.fromEntries(["title", "summary", "body", "note"].map((name) => [name, form.elements[name]?.value ?? ""]));

/** A new article has an address of its own from now on. */
function made({ change, autosave, presence, preview_page: preview }) {
  form.action = change;
  history.replaceState(null, "", change);
  Object.assign(notes.dataset, { autosave, presence, preview });
  form.dispatchEvent(new Event("desk:made"));
}

function took(told, sent) {
  if (told.state === "saved") {
    form.elements.version.value = told.version;
    if (told.change) made(told);
    form.dispatchEvent(new CustomEvent("desk:saved", { detail: { version: told.version, texts: sent } }));
    tell(say("Draft saved %s").replace("%s", told.at));
  } else if (told.state === "unchanged") {
    tell("");
  } else {
    tell(TOLD[told.state] ?? TOLD.down, true);
    stopped = told.state === "overtaken" || told.state === "binned";
    const note = document.getElementById(`desk-${told.state}`);
    if (note) note.hidden = false;
  }
}

async function save() {
  clearTimeout(timer);
  timer = null;
  if (running || stopped || !changed) return;
  changed = false;
  const sent = texts();
  tell(say("Saving…"));
  form.dataset.saving = "";
  running = fetch(notes.dataset.autosave, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  try {
    const answer = await running;
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    took(await answer.json(), sent);
  } catch {
    tell(TOLD.down, true);
    changed = true;
    timer = setTimeout(save, AGAIN);
  }
  running = null;
  delete form.dataset.saving;
  form.dispatchEvent(new Event("desk:settled"));
  if (changed && !timer) wait();
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = null;
    save();
  }, WAIT);
}

function note() {
  changed = true;
  if (!stopped && !running) wait();
}

/** What is on its way arrives before the form is sent by hand: it was made from another version. */
function handed(event) {
  clearTimeout(timer);
  if (!running) {
    stopped = true;
    return;
  }
  event.preventDefault();
  const { submitter } = event;
  form.addEventListener("desk:settled", () => form.requestSubmit(submitter), { once: true });
  stopped = true;
}

if (notes?.dataset.autosave && form.querySelector("[name=_continue]")) {
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  window.django?.jQuery?.(form).on("change", note);
  window.desk.whenReady((editor, area) => form.contains(area) && editor.on("update", note));
  form.addEventListener("submit", handed);
  addEventListener("pageshow", (event) => event.persisted && (stopped = false));
}
