// Buttons that print the page; without a script they are not shown.
document.documentElement.dataset.ready = "";
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}
