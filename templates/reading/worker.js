// Shows what a reader kept for reading offline where there is no network; with one, pages come from
// there as ever. It is installed when a collection is kept (static/reading/offline.js), and goes with
// the last one, or at sign-out.
const KEPT = "kept-";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function cacheOf(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(KEPT)) continue;
    const cache = await caches.open(name);
    if (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) return cache;
  }
  return null;
}

async function answer(request) {
  const cache = await cacheOf(request);
  try {
    const response = await fetch(request);
    const key = request.url.split(/[?#]/)[0];
    if (cache && response.ok && !response.redirected) await cache.put(key, response.clone());
    // What was withdrawn is not kept either.
    if (cache && (response.status === 404 || response.status === 410)) await cache.delete(key);
    return response;
  } catch (error) {
    const kept = cache && (await cache.match(request, { ignoreSearch: true, ignoreVary: true }));
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(self.location.origin)) event.respondWith(answer(event.request));
});
