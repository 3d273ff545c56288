// Moves the articles of a collection or a path: by buttons, or held by the handle and drawn to their
// place. Without it, their numbers say the order.
const group = document.querySelector("#items-group");
const rows = () => [...group.querySelectorAll("tr.form-row:not(.empty-form)")];
const { up, down } = group?.querySelector("[data-up]")?.dataset ?? { up: "↑", down: "↓" };

function number() {
  const filled = rows().filter((row) => row.querySelector("[name$=-article]")?.value);
  filled.forEach((row, at) => { row.querySelector("[name$=-position]").value = at + 1; });
}

function move(row, step) {
  const all = rows(), other = all[all.indexOf(row) + step];
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  number();
}

/** Put a row where the pointer is. The others are moved round it: a touch ends with what it began on. */
function bring(row, y) {
  const all = rows(), from = all.indexOf(row);
  const to = all.findIndex((one) => y < one.getBoundingClientRect().bottom);
  const end = to < 0 ? all.length - 1 : to;
  for (let at = from - 1; at >= end; at--) row.after(all[at]);
  for (let at = from + 1; at <= end; at++) row.before(all[at]);
  if (end !== from) number();
}

function handle(row) {
  const made = document.createElement("span");
  made.className = "drag";
  made.textContent = "⠿";
  made.setAttribute("aria-hidden", "true"); // the buttons say the same
  made.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    made.setPointerCapture(event.pointerId);
    row.classList.add("dragged");
    const follow = ({ clientY }) => bring(row, clientY);
    made.addEventListener("pointermove", follow);
    made.addEventListener("lostpointercapture", () => {
      made.removeEventListener("pointermove", follow);
      row.classList.remove("dragged");
    }, { once: true });
  });
  return made;
}

function equip(row) {
  const cell = row.querySelector(".field-position");
  if (!cell || cell.querySelector("button")) return;
  cell.prepend(handle(row));
  for (const [sign, step, label] of [["↑", -1, up], ["↓", 1, down]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "move";
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => { move(row, step); button.focus(); });
    cell.append(button);
  }
}

if (group?.querySelector("[name$=-position]")) {
  rows().forEach(equip);
  document.addEventListener("formset:added", ({ target }) => equip(target));
  document.addEventListener("articles:chosen", number);
}
