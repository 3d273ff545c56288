// Pictures in the editor: by a button, by pasting, or drawn into the text. Each is taken into the
// library first, and what is to be seen is asked for; or one of the library is chosen.
const say = window.gettext ?? ((text) => text);

function make(tag, fields = {}, ...within) {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...within);
  return made;
}

async function send(area, file, alt) {
  const body = new FormData();
  body.append("file", file);
  body.append("alt", alt);
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(area.dataset.upload, { method: "POST", body, credentials: "same-origin" });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || told.error) throw new Error(told.error || say("The picture could not be taken in. Try again."));
  return told;
}

/** Ask for a picture of the library or a file, and what is to be seen; put it where the writer was. */
function ask(area, editor, file = null) {
  const name = `picture-${area.id}`;
  const alt = make("input", { type: "text", maxLength: 300, id: `${name}-alt`, className: "vTextField" });
  const caption = make("input", { type: "text", maxLength: 300, id: `${name}-caption`, className: "vTextField" });
  const chooser = make("input", { type: "file", accept: "image/jpeg,image/png,image/webp,image/gif", id: `${name}-file` });
  const shelf = make("div", { className: "picture-shelf" });
  const wanted = make("input", { type: "search", id: `${name}-search`, placeholder: say("Find in the library") });
  wanted.setAttribute("aria-label", say("Find in the library"));
  const shown = make("img", { className: "picture-shown", alt: "", hidden: true });
  const error = make("p", { className: "errornote", hidden: true });
  error.setAttribute("role", "alert");
  const insert = make("button", { type: "button", className: "button default", textContent: say("Put it into the text"), disabled: true });
  const leave = make("button", { type: "button", className: "button", textContent: say("Cancel") });
  const dialog = make("dialog", { className: "picture-dialog" },
    make("h2", { textContent: say("Put in a picture"), id: `${name}-title` }),
    error,
    make("p", {}, make("label", { htmlFor: chooser.id, textContent: say("From this device") }), " ", chooser),
    make("p", {}, wanted), shelf, shown,
    make("p", {}, make("label", { htmlFor: alt.id, textContent: say("What is to be seen") }), alt,
      make("small", { className: "help", textContent: say("For who does not see it. Leave it empty only for an ornament.") })),
    make("p", {}, make("label", { htmlFor: caption.id, textContent: say("Caption") }), caption,
      make("small", { className: "help", textContent: say("Stands below the picture for everybody. It can be written in the text too.") })),
    make("p", { className: "picture-do" }, insert, " ", leave));
  dialog.setAttribute("aria-labelledby", `${name}-title`);
  let chosen = null; // a file, or a picture of the library

  function choose(one, address) {
    chosen = one;
    insert.disabled = false;
    shown.src = address;
    shown.hidden = false;
    if (one.alt) alt.value = one.alt;
    alt.focus();
  }

  /** Show a file of this device. The desk shows none from anywhere but itself, a blob neither. */
  function take(one) {
    const reader = new FileReader();
    reader.addEventListener("load", () => choose(one, reader.result));
    reader.readAsDataURL(one);
  }

  async function stock() {
    const answer = await fetch(`${area.dataset.choose}?q=${encodeURIComponent(wanted.value)}`, { credentials: "same-origin" });
    if (!answer.ok) return;
    const { pictures } = await answer.json();
    shelf.replaceChildren(...pictures.map((one) => {
      const button = make("button", { type: "button", title: one.alt || one.name }, make("img", { src: one.thumbnail, alt: one.alt || one.name }));
      button.addEventListener("click", () => choose(one, one.thumbnail));
      return button;
    }));
  }

  chooser.addEventListener("change", () => { if (chooser.files[0]) take(chooser.files[0]); });
  let later;
  wanted.addEventListener("input", () => { clearTimeout(later); later = setTimeout(stock, 250); });
  wanted.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  for (const line of [alt, caption]) {
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (!insert.disabled) insert.click();
    });
  }
  insert.addEventListener("click", async () => {
    insert.disabled = true;
    error.hidden = true;
    try {
      const made = chosen.address ? chosen : await send(area, chosen, alt.value.trim());
      const { $to } = editor.state.selection; // behind the paragraph, which it does not part
      const attrs = { src: made.address, alt: alt.value.trim() };
      const place = $to.depth ? $to.after(1) : $to.pos;
      const image = { type: "image", attrs }, words = caption.value.trim();
      const below = words && { type: "caption", content: [{ type: "text", text: words }] };
      const put = below ? { type: "figure", content: [image, below] } : image;
      editor.chain().focus().insertContentAt(place, put).run();
      dialog.close();
    } catch ({ message }) {
      error.textContent = message;
      error.hidden = false;
      insert.disabled = false;
    }
  });
  leave.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    editor.commands.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  stock();
  if (file) take(file);
  else chooser.focus();
}

const picture = (files) => [...(files ?? [])].find((one) => one.type.startsWith("image/"));

window.desk.whenReady((editor, area) => {
  if (!area.dataset.upload) return;
  const page = editor.view.dom;
  page.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    const file = picture(files);
    if (!file || types.includes("text/html")) return; // Word puts a picture of the text beside it
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(area, editor, file);
  }, true);
  page.addEventListener("drop", (event) => {
    const file = picture(event.dataTransfer?.files);
    if (!file) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const at = editor.view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (at) editor.commands.setTextSelection(at.pos);
    ask(area, editor, file);
  }, true);
  const tool = window.desk.tool(area, say("Picture"), say("Put in a picture"), () => ask(area, editor));
  tool.classList.add("picture-button");
});

// Other scripts of the editor ask for pictures too.
document.addEventListener("desk:ask-picture", ({ target, detail }) => ask(target, detail.editor, detail.file));
