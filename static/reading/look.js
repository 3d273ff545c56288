// How this reader likes to read, before anything is painted: theme, size of the text, height of
// lines, kind of letters. Kept in this browser alone.
(function () {
  var root = document.documentElement;
  var chosen = { theme: ["light", "dark", "sepia"], size: ["small", "large", "huge"], lines: ["close", "wide"], letters: ["serif"] };
  for (var name in chosen) {
    var kept = null;
    try {
      kept = JSON.parse(localStorage.getItem("text-" + name));
    } catch (error) {
      kept = null; // the browser keeps nothing
    }
    if (chosen[name].indexOf(kept) >= 0) root.dataset[name] = kept;
  }
})();
