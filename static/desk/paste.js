// What is pasted from Word, WPS, WeChat or another page is read by the desk as an import would be:
// lists that are only painted as such become lists, and what could not be taken along is told.
const say = window.gettext ?? ((text) => text);

function tag(name, fields = {}, ...within) {
  const made = Object.assign(document.createElement(name), fields);
  made.append(...within);
  return made;
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

async function post(address, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: token() })) body.append(name, value);
  const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return answer.json();
}

/** Return a picture that is written into the page itself as a file. */
function fileOf(address) {
  const [, type, data] = address.match(/^data:(image\/(?:png|jpeg|webp|gif));base64,([\w+/=\s]+)$/) ?? [];
  if (!type) return null;
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  return new File([bytes], `picture.${type.slice(6)}`, { type });
}

/** Take the pictures that came with the text into the library first. */
async function keepPictures(area, page) {
  for (const picture of page.querySelectorAll("img[src^='data:image/']")) {
    const file = fileOf(picture.getAttribute("src"));
    picture.removeAttribute("src");
    if (!file || picture.dataset.src) continue;
    const told = await post(area.dataset.upload, { file, alt: picture.alt ?? "" }).catch(() => ({}));
    if (told.address) picture.setAttribute("src", told.address);
  }
}

/** Tell what is not in the text, and ask for the pictures. */
function tell(area, editor, { missing = [], left_out = [], error = "" }) {
  const within = area.closest(".prose-editor");
  within.querySelector(".paste-told")?.remove();
  if (!missing.length && !left_out.length && !error) return;
  const close = tag("button", { type: "button", textContent: "×", className: "paste-close" });
  close.setAttribute("aria-label", say("Close"));
  const box = tag("div", { className: `paste-told${error ? " wrong" : ""}` }, close);
  box.setAttribute("role", "status");
  close.addEventListener("click", () => {
    box.remove();
    editor.commands.focus();
  });
  if (error) box.append(tag("p", { textContent: error }));
  if (left_out.length) {
    box.append(tag("p", { textContent: `${say("Not taken along:")} ${left_out.join(say(", "))}` }));
  }
  if (missing.length) {
    box.append(tag("p", { textContent: say("These pictures are not in the clipboard. Choose their files:") }));
    box.append(tag("ul", {}, ...missing.map((one) => pictureWanted(area, editor, one, box))));
  }
  editor.view.dom.before(box);
}

function pictureWanted(area, editor, { alt, after, address }, box) {
  const where = after ? say("behind “%s”").replace("%s", after) : say("at the beginning");
  const choose = tag("button", { type: "button", textContent: say("Choose the picture…") });
  const row = tag("li", {}, `${alt ? `${alt} · ` : ""}${where} `, choose);
  if (address) {
    const seen = { href: address, target: "_blank", rel: "noopener noreferrer", textContent: say("Where it lies") };
    row.append(" ", tag("a", seen));
  }
  choose.addEventListener("click", () => {
    let place = 0;
    editor.state.doc.descendants((node, at) => {
      if (node.isTextblock && after && node.textContent.includes(after)) place = at + 1;
    });
    editor.commands.setTextSelection(place || editor.state.selection.to);
    area.dispatchEvent(new CustomEvent("desk:ask-picture", { bubbles: true, detail: { editor } }));
    row.remove();
    if (!box.querySelector("li")) box.remove();
  });
  return row;
}

/** Let the editor know at once where the cursor is; else it hears a moment after a key or click. */
function catchUp({ commands, state, view }) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = document.getSelection();
  if (state.selection.node || !view.dom.contains(anchorNode) || !view.dom.contains(focusNode)) return;
  const ends = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)];
  commands.setTextSelection({ from: Math.min(...ends), to: Math.max(...ends) });
}

/** Keep a place in the text while others are written in. */
function hold(editor) {
  let mark = editor.state.selection.getBookmark();
  const follow = ({ transaction }) => (mark = mark.map(transaction.mapping));
  editor.on("transaction", follow);
  return () => {
    editor.off("transaction", follow);
    editor.view.dispatch(editor.state.tr.setSelection(mark.resolve(editor.state.doc)));
  };
}

async function paste(area, editor, markup, text) {
  catchUp(editor);
  const back = hold(editor);
  const within = area.closest(".prose-editor");
  within.setAttribute("aria-busy", "true");
  let told;
  try {
    const page = new DOMParser().parseFromString(markup, "text/html");
    await keepPictures(area, page);
    told = await post(area.dataset.paste, { markup: page.body.outerHTML });
  } catch {
    told = { text, error: say("The desk did not answer: the text was pasted without its form.") };
  }
  back();
  within.removeAttribute("aria-busy");
  if (told.markup) editor.view.pasteHTML(told.markup);
  else if (told.text) editor.view.pasteText(told.text);
  tell(area, editor, told);
}

window.desk.whenReady((editor, area) => {
  if (!area.dataset.paste) return;
  editor.view.dom.addEventListener("paste", (event) => {
    const { clipboardData: held } = event;
    const markup = held?.getData("text/html");
    if (!markup || markup.includes("data-pm-slice")) return; // the editor's own
    event.preventDefault();
    event.stopImmediatePropagation();
    const file = [...held.files].find((one) => one.type.startsWith("image/"));
    const text = held.getData("text/plain");
    const { body } = new DOMParser().parseFromString(markup, "text/html");
    if (file && !body.textContent.trim() && body.querySelectorAll("img").length === 1) {
      area.dispatchEvent(new CustomEvent("desk:ask-picture", { bubbles: true, detail: { editor, file } }));
    } else paste(area, editor, markup, text);
  }, true);
});
