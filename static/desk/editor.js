// The editor's own words in the language of the desk: its dialogs ask for translations themselves,
// its buttons, the menu of kinds of blocks and a choice of yes and no do not.
const say = window.gettext ?? ((text) => text);

function put(element, text, name) {
  if (element[name] !== text) element[name] = text;
}

function translate(within) {
  for (const button of within.querySelectorAll("[title]")) {
    if (!button.title || button.title === "figure") continue; // the style sheet hides that one
    put(button, say(button.title), "title");
    put(button, button.title, "ariaLabel");
  }
  for (const kind of within.querySelectorAll(".prose-menubar__option > *")) {
    put(kind, say(kind.textContent), "textContent");
  }
  for (const choice of within.querySelectorAll("dialog option")) {
    choice.value = choice.value; // what the editor compares stays as it was
    put(choice, say(choice.textContent), "textContent");
  }
}

/** Translate the bar, now and whenever the button of its menu is put in anew, or a dialog. */
function attend(part) {
  if (!(part instanceof Element)) return;
  const isBar = part.matches(".prose-menubar");
  if (!isBar && !part.querySelector("dialog")) return;
  translate(part);
  if (isBar) {
    part.setAttribute("role", "toolbar");
    part.setAttribute("aria-label", say("Editing tools"));
    part.setAttribute("aria-keyshortcuts", "Alt+F10");
    part.addEventListener("keydown", alongBar);
  }
  if (isBar) new MutationObserver(() => translate(part)).observe(part, { childList: true, subtree: true });
}

/** For the other scripts of the editor: say when one is there, and give it one more tool. */
window.desk = {
  /** Call `act` with every editor and its field, now or when it is there. */
  whenReady(act) {
    for (const area of document.querySelectorAll(".prose-editor > textarea")) {
      const page = area.parentElement.querySelector(".ProseMirror[contenteditable]");
      if (page?.editor) act(page.editor, area);
    }
    document.addEventListener("prose-editor:ready", ({ target, detail }) => {
      if (detail.editor) act(detail.editor, target);
    });
  },
  /** Put a button behind the editor's own; they come a moment later than the editor. */
  tool(area, text, title, act) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "desk-tool", textContent: text, title });
    button.setAttribute("aria-label", title);
    button.addEventListener("click", act);
    const within = area.closest(".prose-editor");
    const put = () => {
      const bar = within.querySelector(".prose-menubar");
      if (!bar) return false;
      let group = bar.querySelector(".desk-tools");
      if (!group) {
        group = Object.assign(document.createElement("div"), { className: "prose-menubar__group desk-tools" });
        bar.append(group);
      }
      group.append(button);
      return true;
    };
    if (put()) return button;
    const watch = new MutationObserver(() => put() && watch.disconnect());
    watch.observe(within, { childList: true });
    return button;
  },
};

// The bar by keys: Alt+F10 leads to it from the text, Escape back; arrows go along it, and up and
// down its menu.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function alongBar(event) {
  const bar = event.currentTarget, at = event.target.closest("button");
  const menu = at?.closest(".prose-menubar__picker");
  const isUpright = event.key === "ArrowDown" || event.key === "ArrowUp";
  const open = isUpright && !menu && bar.querySelector(".prose-menubar__picker:popover-open");
  if (event.key === "Escape" && !menu && !bar.querySelector(":popover-open")) {
    bar.parentElement.querySelector(".ProseMirror[contenteditable=true]")?.focus();
  } else if (open) {
    open.querySelector("button:not(.hidden)")?.focus();
  } else if (event.key in STEPS && at && isUpright === Boolean(menu)) {
    const all = [...(menu ?? bar).querySelectorAll("button:not(.hidden)")].filter((one) => one.offsetParent && (menu || !one.closest(".prose-menubar__picker")));
    all[(all.indexOf(at) + STEPS[event.key] + all.length) % all.length].focus();
  } else return;
  event.preventDefault();
}

function byKeys(editor) {
  editor.addEventListener("keydown", (event) => {
    const bar = editor.querySelector(".prose-menubar");
    if (!bar || event.key !== "F10" || !event.altKey) return;
    event.preventDefault();
    bar.querySelector("button")?.focus();
  });
}

function begin(editor) {
  if (editor.dataset.speaks) return;
  editor.dataset.speaks = "yes";
  byKeys(editor);
  for (const part of editor.children) attend(part);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(attend);
  }).observe(editor, { childList: true });
}

/** Begin at the passage that somebody came from: `#passage=` is its place in the text. */
function goToPassage() {
  const [, place] = location.hash.match(/^#passage=(\d{1,5})$/) ?? [];
  const text = document.querySelector(".field-body .ProseMirror[contenteditable=true]");
  const passage = place && text?.children[place];
  if (!passage) return;
  text.focus({ preventScroll: true });
  getSelection().collapse(passage, 0);
  passage.scrollIntoView({ block: "center" });
}

document.addEventListener("prose-editor:ready", ({ target }) => {
  begin(target.closest(".prose-editor"));
  if (target.closest(".field-body")) goToPassage();
});
document.querySelectorAll(".prose-editor").forEach(begin);
