// What the editor lacks for writing essays: `1. ` begins a list, Tab leaves a table, links within the
// library are chosen by words, notes at the foot are numbered.
const say = window.gettext ?? ((text) => text);

function tag(name, fields = {}, ...within) {
  const made = Object.assign(document.createElement(name), fields);
  made.append(...within);
  return made;
}

/** Begin a list where a line begins with a number, a point and a space. */
function listBegins(editor, event) {
  if (event.inputType !== "insertText" || event.data !== " " || event.isComposing) return;
  const { $from, empty } = editor.state.selection;
  if (!empty || $from.depth !== 1 || $from.parent.type.name !== "paragraph") return;
  const before = $from.parent.textBetween(0, $from.parentOffset);
  const [, number] = before.match(/^(\d{1,3})[.．]$/) ?? [];
  if (!number) return;
  event.preventDefault();
  const chain = editor.chain().deleteRange({ from: $from.start(), to: $from.pos }).toggleOrderedList();
  if (Number(number) !== 1) chain.updateAttributes("orderedList", { start: Number(number) });
  chain.run();
}

/** Leave a table behind its last cell; there is a line to go on with. */
function leaveTable(editor, event) {
  if (event.key !== "Tab" || event.shiftKey || event.isComposing) return;
  const { $from } = editor.state.selection;
  let table = 0;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === "table") table = depth;
  }
  if (!table) return;
  const rows = $from.node(table);
  const isLast = $from.index(table) === rows.childCount - 1
    && $from.index(table + 1) === $from.node(table + 1).childCount - 1;
  if (!isLast) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const behind = $from.after(table);
  const chain = editor.chain().focus();
  if (!editor.state.doc.nodeAt(behind)?.isTextblock) chain.insertContentAt(behind, { type: "paragraph" });
  chain.setTextSelection(behind + 1).scrollIntoView().run();
}

/** Enter goes on behind a picture and its caption, which is one line; Backspace takes an empty one away. */
function leaveCaption(editor, event) {
  const isEnter = event.key === "Enter";
  if (event.isComposing || event.shiftKey || !(isEnter || event.key === "Backspace")) return;
  const { $from, empty } = editor.state.selection;
  if ($from.parent.type.name !== "caption") return;
  if (!isEnter && !(empty && !$from.parent.content.size)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!isEnter) {
    editor.chain().focus().toggleCaption().run();
    return;
  }
  const behind = $from.after($from.depth - 1);
  editor.chain().focus().insertContentAt(behind, { type: "paragraph" }).setTextSelection(behind + 1).scrollIntoView().run();
}

/** Put in the mark of a note, and the note at the end of the text, where its author goes on. */
function note(editor) {
  const { doc, selection } = editor.state;
  const marks = [...doc.textContent.matchAll(/\[(\d{1,3})\]/g)].map(([, number]) => Number(number));
  const number = Math.max(0, ...marks) + 1;
  editor.chain().insertContentAt(selection.to, `[${number}]`).run();
  const now = editor.state.doc;
  const last = now.lastChild;
  const first = last?.attrs.start ?? 1;
  const goesOn = last?.type.name === "orderedList" && first + last.childCount === number && number > 1;
  const item = { type: "listItem", content: [{ type: "paragraph" }] };
  if (goesOn) editor.commands.insertContentAt(now.content.size - 1, item);
  else {
    const list = { type: "orderedList", attrs: { start: number }, content: [item] };
    editor.commands.insertContentAt(now.content.size, list);
  }
  let place = 0;
  editor.state.doc.descendants((node, at) => {
    if (node.type.name === "listItem") place = at + 2;
  });
  editor.chain().focus(place).scrollIntoView().run();
}

/** Choose an article by words and lead to it from what is chosen, or by its title. */
function link(area, editor) {
  const id = `link-${area.id}`;
  const wanted = tag("input", { type: "search", id: `${id}-words`, className: "vTextField", autocomplete: "off" });
  const list = tag("ul", { className: "link-choice" });
  const leave = tag("button", { type: "button", className: "button", textContent: say("Cancel") });
  const dialog = tag("dialog", { className: "picture-dialog" },
    tag("h2", { id: `${id}-title`, textContent: say("Link to an article") }),
    tag("p", {}, tag("label", { htmlFor: wanted.id, textContent: say("Words of its title or text, or its number") }), wanted),
    list, tag("p", { className: "picture-do" }, leave));
  dialog.setAttribute("aria-labelledby", `${id}-title`);
  list.setAttribute("aria-live", "polite");

  function choose({ title, address }) {
    const { from, to, empty } = editor.state.selection;
    const marks = [{ type: "link", attrs: { href: address } }];
    const chain = editor.chain().focus();
    if (empty) chain.insertContent({ type: "text", text: `《${title}》`, marks }).unsetMark("link");
    else chain.setTextSelection({ from, to }).setMark("link", { href: address });
    chain.run();
    dialog.close();
  }

  async function offer() {
    const answer = await fetch(`${area.dataset.links}?q=${encodeURIComponent(wanted.value)}`, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const { articles } = await answer.json();
    list.replaceChildren(...articles.map((one) => {
      const button = tag("button", { type: "button" }, one.title);
      if (one.state) button.append(" ", tag("span", { className: "badge", textContent: one.state }));
      button.addEventListener("click", () => choose(one));
      return tag("li", {}, button);
    }));
    if (!articles.length) list.append(tag("li", { textContent: say("Nothing was found.") }));
  }

  let later;
  wanted.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(offer, 250);
  });
  wanted.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    list.querySelector("button")?.click();
  });
  leave.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    editor.commands.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  wanted.focus();
  offer();
}

window.desk.whenReady((editor, area) => {
  if (!area.dataset.links) return;
  const page = editor.view.dom;
  page.addEventListener("beforeinput", (event) => listBegins(editor, event), true);
  page.addEventListener("keydown", (event) => leaveTable(editor, event), true);
  page.addEventListener("keydown", (event) => leaveCaption(editor, event), true);
  window.desk.tool(area, say("Article"), say("Link to an article"), () => link(area, editor));
  window.desk.tool(area, say("Note"), say("Put in a note at the foot of the text"), () => note(editor));
});
