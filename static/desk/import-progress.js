/* Ask once a second how far an import is; when it has come to an end, show the page anew. */
"use strict";
const box = document.getElementById("progress");
const bar = box.querySelector("progress");

async function ask() {
  let told = null;
  try {
    const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (answer.ok) told = await answer.json();
  } catch {
    // The server restarts, or the line is down: ask again.
  }
  if (told) {
    if (told.state !== box.dataset.state) return location.reload();
    bar.max = told.total || 1;
    bar.value = told.done;
    document.getElementById("done").textContent = told.done;
    document.getElementById("total").textContent = told.total;
  }
  return setTimeout(ask, 1000);
}

setTimeout(ask, 1000);
