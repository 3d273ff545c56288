// The editor's own words in the language of the desk: its dialogs ask for translations themselves,
// its buttons, the menu of kinds of blocks and a choice of yes and no do not.
const say = window.gettext ?? ((text) => text);

function put(element, text, name) {
  if (element[name] !== text) element[name] = text;
}

function translate(within) {
  for (const button of within.querySelectorAll("[title]")) {
    if (!button.title) continue;
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
  if (isBar) new MutationObserver(() => translate(part)).observe(part, { childList: true, subtree: true });
}

function begin(editor) {
  if (editor.dataset.speaks) return;
  editor.dataset.speaks = "yes";
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
