// Rows of tables within a form: on a phone each stands by itself, its fields named one by one.
// Without it, the table scrolls in its own box.
const NAME = /(?:field|column)-([\w]+)/;

function name(row, heads) {
  for (const cell of row.cells) {
    const key = cell.classList.contains("delete") ? "delete" : NAME.exec(cell.className)?.[1];
    if (heads[key]) cell.dataset.label = heads[key];
  }
}

for (const group of document.querySelectorAll(".inline-group:has(.tabular)")) {
  const heads = {};
  for (const head of group.querySelectorAll("thead th:not(.original)")) {
    heads[NAME.exec(head.className)?.[1] ?? "delete"] = head.textContent.trim();
  }
  group.querySelectorAll("tbody tr").forEach((row) => name(row, heads));
  group.classList.add("stacks");
}
