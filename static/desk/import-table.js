/* The table before an import keeps each row as soon as a field is left, and goes by keys. Without
   a script its buttons do the same. */
"use strict";
const form = document.getElementById("table");
const kept = document.getElementById("kept");
const words = JSON.parse(document.getElementById("table-words").textContent);
let going = Promise.resolve();
let open = 0;
document.documentElement.classList.add("scripted");

const rowOf = (element) => element.closest("tr[data-at]");
const say = (text, wrong = false) => {
  kept.textContent = text;
  kept.classList.toggle("wrong", wrong);
};

function fieldsOf(row) {
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const field of row.querySelectorAll("input, textarea, select")) {
    if (field.type !== "checkbox" || field.checked) sent.set(field.name, field.value);
  }
  return sent;
}

function mark(row, told) {
  row.querySelector(`[name="seen-${row.dataset.at}"]`).value = told.seen;
  for (const cell of row.querySelectorAll("td, th")) {
    cell.classList.remove("refused");
    cell.querySelector(".why")?.remove();
    const name = cell.querySelector("textarea, input[type=text]")?.name.split("-")[0];
    if (name) cell.classList.toggle("typed", told.typed.includes(name));
  }
  for (const [field, why] of Object.entries(told.refused)) {
    const input = row.querySelector(`[name="${field}-${row.dataset.at}"]`);
    const note = document.createElement("span");
    note.className = "why";
    note.textContent = why;
    input.after(note);
    input.closest("td, th").classList.add("refused");
    say(why, true);
  }
}

async function send(row) {
  let answer;
  try {
    answer = await fetch(form.getAttribute("action"), { method: "POST", body: fieldsOf(row), headers: { Accept: "application/json" } });
  } catch {
    return say(words.offline, true);
  }
  if (answer.status === 409 || answer.redirected) return location.reload();
  if (!answer.ok) return say(words.offline, true);
  const told = (await answer.json()).files[row.dataset.at];
  say(words.kept);
  if (told) mark(row, told);
}

function keep(row) {
  open += 1;
  going = going.then(() => send(row)).finally(() => { open -= 1; });
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

form.addEventListener("change", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  if (event.target.matches("textarea, input[type=text]")) {
    const right = event.target.closest("td").querySelector("[type=checkbox]");
    if (right) right.checked = false;
  }
  keep(row);
});

form.addEventListener("click", (event) => {
  const button = event.target.closest(".candidate");
  if (!button) return;
  event.preventDefault();
  take(button);
});

function take(button) {
  const field = button.closest("td").querySelector("textarea, input[type=text]");
  put(field, button.textContent);
  field.focus();
}

form.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches("textarea, input[type=text]")) return;
  if (event.altKey && "123".includes(event.key)) {
    const button = field.closest("td").querySelectorAll(".candidate")[event.key - 1];
    event.preventDefault();
    if (button) take(button);
  }
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    const name = field.name.split("-")[0];
    const column = [...form.querySelectorAll(`[name^="${name}-"]`)];
    const next = column[column.indexOf(field) + (event.shiftKey ? -1 : 1)];
    if (next) next.focus();
    else field.blur();
  }
});

// What was typed last is sent with the form itself, whichever button is pressed.
window.addEventListener("beforeunload", (event) => {
  if (open) event.preventDefault();
});
form.addEventListener("submit", () => { open = -1e9; });
