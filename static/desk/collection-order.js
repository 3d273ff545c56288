// Moves the articles of a collection up and down. Without it, their numbers say the order.
const group = document.querySelector("#items-group");
const rows = () => [...group.querySelectorAll("tr.form-row:not(.empty-form)")];
const { up, down } = group?.querySelector("[data-up]")?.dataset ?? { up: "↑", down: "↓" };

function number() {
  const filled = rows().filter((row) => row.querySelector("select")?.value);
  filled.forEach((row, at) => { row.querySelector("[name$=-position]").value = at + 1; });
}

function move(row, step) {
  const all = rows(), other = all[all.indexOf(row) + step];
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  number();
}

function equip(row) {
  const cell = row.querySelector(".field-position");
  if (!cell || cell.querySelector("button")) return;
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
}
