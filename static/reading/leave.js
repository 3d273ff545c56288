// Leaving: signing out takes along what this browser kept of the one who was here, all but how the
// text looks; at a shared device, ten minutes without a touch do the same.
const LOOKS = ["text-size", "text-lines", "text-letters", "text-theme"], IDLE = 600000; // ms, as long as the session there
const isShared = document.cookie.split("; ").includes("signed_in=shared");
let timer;

function forget() {
  try {
    const looks = LOOKS.map((name) => [name, localStorage.getItem(name)]);
    localStorage.clear();
    sessionStorage.clear();
    for (const [name, look] of looks) if (look) localStorage.setItem(name, look);
  } catch {
    // the browser keeps nothing
  }
  if ("caches" in window) caches.keys().then((names) => names.forEach((name) => caches.delete(name)));
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
  }
}

document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-sign-out]")) forget();
});

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
