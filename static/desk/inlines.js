// Rows of tables within a form: each field says what it is, as its column does; on a phone each
// row stands by itself.
// Without it, the table scrolls in its own box.
const NAME = /(?:field|column)-([\w]+)/;

function name(row, heads) {
  for (const cell of row.cells) {
    const key = cell.classList.contains("delete") ? "delete" : NAME.exec(cell.className)?.[1];
    if (!heads[key]) continue;
    cell.dataset.label = heads[key];
    for (const field of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (!field.labels?.length) field.setAttribute("aria-label", heads[key]);
    }
  }
}

for (const group of document.querySelectorAll(".inline-group:has(.tabular)")) {
  const heads = {};
  for (const head of group.querySelectorAll("thead th:not(.original)")) {
    heads[NAME.exec(head.className)?.[1] ?? "delete"] = head.textContent.trim();
  }
  group.querySelectorAll("tbody tr").forEach((row) => name(row, heads));
  // A column without a name has no head.
  for (const head of group.querySelectorAll("thead th.original:empty")) {
    head.replaceWith(Object.assign(document.createElement("td"), { className: head.className }));
  }
  group.classList.add("stacks");
}
