// Reviews and previews at the desk: a passage is taken into the comment with a click, an address
// copied with another; a preview is made to fit. Without it, both are done by hand, and a preview
// scrolls in its box.
for (const one of document.querySelectorAll(".with-script[hidden]")) one.hidden = false;
for (const one of document.querySelectorAll(".without-script")) one.hidden = true;

const text = document.querySelector("[data-passages]");
const quote = document.querySelector(".review-comment [name=quote]");
const PASSAGES = ".review-whole :is(h2, h3, h4, p, li), .compare-row .right";

function chosen(target) {
  const marked = getSelection();
  if (!marked.isCollapsed && text.contains(marked.anchorNode)) return marked.toString();
  const passage = target.closest(PASSAGES)?.cloneNode(true);
  passage?.querySelector("b")?.remove(); // the label of the side
  return passage?.textContent ?? "";
}

if (text && quote) {
  text.addEventListener("click", (event) => {
    if (event.target.closest("a, button, summary")) return;
    const passage = chosen(event.target).trim();
    if (!passage) return;
    // Cut between two characters: 𠮷 counts as two, and half of it is sent as �.
    quote.value = passage.slice(0, quote.maxLength).replace(/[\ud800-\udbff]$/, "");
    for (const one of text.querySelectorAll(".review-chosen")) one.classList.remove("review-chosen");
    event.target.closest(PASSAGES)?.classList.add("review-chosen");
  });
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  } catch {
    button.closest("p").querySelector("input").select(); // no leave to write: it is marked to copy
  }
});

const frame = document.querySelector(".preview-frame");
const WIDE = 1280; // px, of the page within

/** Begin with what fits where nothing was chosen. */
function choosePhone() {
  frame.classList.replace("desktop", "phone");
  for (const link of document.querySelectorAll(".preview-choice a[href*='width=']")) {
    const { width } = link.dataset;
    if (!width) link.href = link.href.replace("width=desktop", "width=phone");
    else if (width === "phone") link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Make a page for a desk as small as the room there is, its box as high as before. */
function fit() {
  const style = getComputedStyle(frame);
  const room = frame.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
  frame.style.setProperty("--fit", Math.min(1, room / (WIDE + 2)));
}

if (frame) {
  const chosen = new URLSearchParams(location.search).has("width");
  if (!chosen && matchMedia("(width < 760px)").matches) choosePhone();
  new ResizeObserver(fit).observe(frame);
}
