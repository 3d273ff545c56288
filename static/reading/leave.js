// Leaving: signing out takes along what this browser kept of the one who was here, all but the size
// of the text; at a shared device, ten minutes without a touch do the same.
const SIZE = "text-size", IDLE = 600000; // ms, as long as the session there
const isShared = document.cookie.split("; ").includes("signed_in=shared");
let timer;

function forget() {
  try {
    const size = localStorage.getItem(SIZE);
    localStorage.clear();
    sessionStorage.clear();
    if (size) localStorage.setItem(SIZE, size);
  } catch {
    // the browser keeps nothing
  }
}

document.addEventListener("submit", ({ target }) => target.matches("[data-sign-out]") && forget());

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    forget();
    location.assign("/"); // the session has ended by now
  }, IDLE);
}

if (isShared) {
  for (const touch of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(touch, wait, { passive: true });
  }
  wait();
}
document.documentElement.dataset.leave = isShared ? "shared" : "own";
