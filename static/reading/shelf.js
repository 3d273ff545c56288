// Of who signed in: what they were in the middle of, and how much of each collection they have read.
// The pages are the same for everyone, so this is asked for apart.
const place = document.querySelector("#go-on");

async function show() {
  let shelf;
  try {
    shelf = await (await fetch(place.dataset.shelf)).json();
  } catch {
    return; // no connection: the page is complete without
  }
  for (const told of document.querySelectorAll("[data-collection]")) {
    const n = shelf.collections[told.dataset.collection];
    if (n) told.textContent = place.dataset.told.replace("{n}", n).replace("{all}", told.dataset.all);
  }
  const list = place.querySelector("ol");
  if (!list || !shelf.begun.length) return;
  for (const { title, url, percent } of shelf.begun) {
    const line = document.createElement("li"), link = document.createElement("a"), how = document.createElement("small");
    link.href = url;
    link.textContent = title;
    how.textContent = ` ${percent} %`;
    link.append(how);
    line.append(link);
    list.append(line);
  }
  place.hidden = false;
}

if (place && document.cookie.split("; ").some((one) => one.startsWith("signed_in="))) show();
