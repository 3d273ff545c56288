/* Drag and drop on the upload page, and the list of what was chosen. Without a script the plain
   file field does the same. */
"use strict";
const drop = document.getElementById("drop");
const field = document.getElementById("id_files");
const list = document.getElementById("chosen-files");

function show() {
  list.replaceChildren(...[...field.files].slice(0, 100).map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} · ${file.size < 1e5 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1048576).toFixed(1)} MB`}`;
    return item;
  }));
  if (field.files.length > 100) list.append("…");
  list.hidden = !field.files.length;
}

for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
drop.addEventListener("dragleave", (event) => {
  if (!drop.contains(event.relatedTarget)) drop.classList.remove("over");
});
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const all = new DataTransfer(); // what was chosen before stays
  for (const file of [...field.files, ...event.dataTransfer.files]) all.items.add(file);
  field.files = all.files;
  show();
});
field.addEventListener("change", show);
document.getElementById("upload").addEventListener("submit", () => {
  document.getElementById("send").disabled = true;
});
window.addEventListener("pageshow", () => {
  document.getElementById("send").disabled = false;
  show();
});
