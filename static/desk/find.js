// Find and replace in the editor (Ctrl+F within the text). What is found is marked without being
// touched: the browser paints it (CSS Custom Highlights).
const say = window.gettext ?? ((text) => text);

function tag(name, fields = {}, ...within) {
  const made = Object.assign(document.createElement(name), fields);
  made.append(...within);
  return made;
}

function field(text, id) {
  const input = tag("input", { type: "text", id, autocomplete: "off", placeholder: text });
  input.setAttribute("aria-label", text);
  return input;
}

/** Return where the words stand: within one paragraph each, whatever marks part them. */
function places(doc, words) {
  const found = [];
  if (!words) return found;
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, "\ufffc");
    for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + words.length)) {
      found.push({ from: at + 1 + from, to: at + 1 + from + words.length });
    }
    return false;
  });
  return found;
}

function finder(area, editor, button) {
  const id = `find-${area.id}`;
  const words = field(say("Find"), `${id}-words`);
  const instead = field(say("Replace by"), `${id}-instead`);
  const count = tag("span", { className: "find-count" });
  count.setAttribute("role", "status");
  const act = (text, does) => {
    const made = tag("button", { type: "button", textContent: text });
    made.addEventListener("click", does);
    return made;
  };
  const box = tag("div", { className: "find-box", id, hidden: true },
    words, act(say("Previous"), () => go(-1)), act(say("Next"), () => go(1)), count,
    instead, act(say("Replace"), replace), act(say("Replace all"), replaceAll), act(say("Close"), close));
  box.setAttribute("role", "search");
  box.setAttribute("aria-label", say("Find and replace"));
  let found = [], at = -1;

  function paint() {
    if (!window.CSS?.highlights) return;
    const range = ({ from, to }) => {
      const made = new Range(), start = editor.view.domAtPos(from), end = editor.view.domAtPos(to);
      made.setStart(start.node, start.offset);
      made.setEnd(end.node, end.offset);
      return made;
    };
    CSS.highlights.set("desk-found", new Highlight(...found.filter((_one, n) => n !== at).map(range)));
    CSS.highlights.set("desk-here", new Highlight(...(found[at] ? [range(found[at])] : [])));
  }

  function look() {
    found = box.hidden ? [] : places(editor.state.doc, words.value);
    at = Math.min(at, found.length - 1);
    count.textContent = words.value ? `${at + 1} / ${found.length}` : "";
    paint();
  }

  function go(step) {
    if (!found.length) return;
    at = (at + step + found.length) % found.length;
    look();
    const { node } = editor.view.domAtPos(found[at].from);
    (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).scrollIntoView({ block: "center" });
  }

  function put(transaction, { from, to }) {
    if (instead.value) transaction.insertText(instead.value, from, to);
    else transaction.delete(from, to);
  }

  function replace() {
    if (at < 0) return go(1);
    const { tr } = editor.state;
    put(tr, found[at]);
    at -= 1;
    editor.view.dispatch(tr);
    return go(1);
  }

  function replaceAll() {
    const { tr } = editor.state, many = found.length;
    for (const one of [...found].reverse()) put(tr, one); // from the end: the places before stay
    if (many) editor.view.dispatch(tr);
    count.textContent = say("%s replaced").replace("%s", many);
  }

  function open() {
    const { from, to } = editor.state.selection;
    const chosen = editor.state.doc.textBetween(from, to, "\n");
    if (chosen && !chosen.includes("\n") && chosen.length < 60) words.value = chosen;
    editor.view.dom.before(box); // the bar has come to stand here meanwhile
    box.hidden = false;
    button.setAttribute("aria-expanded", "true");
    words.focus();
    words.select();
    at = -1;
    look();
  }

  function close() {
    const here = found[at];
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    look();
    editor.commands.focus();
    if (here) editor.commands.setTextSelection(here);
  }

  words.addEventListener("input", () => {
    at = -1;
    look();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === words) go(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === instead) replace();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener("input", (event) => event.stopPropagation()); // no part of the form
  editor.on("update", look);
  button.setAttribute("aria-controls", id);
  button.setAttribute("aria-expanded", "false");
  editor.view.dom.before(box);
  editor.view.dom.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "f" || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  return { toggle: () => (box.hidden ? open() : close()) };
}

window.desk.whenReady((editor, area) => {
  const button = window.desk.tool(area, say("Find"), say("Find and replace"), () => made.toggle());
  const made = finder(area, editor, button);
});
