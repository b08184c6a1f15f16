/*
 * The service worker: keeps the files of one build of these pages. The door's pages start from what is kept, since somebody stands before a door; all
 * others ask the network first. Answers of the API are never kept.
 *
 * A new build has a new list, so the browser sees a new worker; it takes over once no page of the old build is open any more, or when one asks it to.
 */

interface Kept {
  /** The build. */
  readonly version: string;
  /** Paths below `base`. */
  readonly files: readonly string[];
}
interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchingEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
/** The compiler knows pages, not workers: this is what is used of one, and what the build puts before this file. */
interface Worker {
  readonly gatecastKept: Kept;
  addEventListener(type: 'install' | 'activate', listener: (event: WaitingEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchingEvent) => void): void;
  addEventListener(type: 'message', listener: (event: WaitingEvent) => void): void;
  skipWaiting(): Promise<void>;
}
const worker = globalThis as unknown as Worker;

const base = '/h5/';
const prefix = 'gatecast-h5-';
const { version, files } = worker.gatecastKept;
const cacheName = `${prefix}${version}`;

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
// From a page of the build before, out of sight, that starts anew as soon as this is done.
worker.addEventListener('message', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(base)) return;
  if (request.mode !== 'navigate') return event.respondWith(keptFirst(request));
  event.respondWith(pathname.startsWith(`${base}door`) ? keptFirst(request, base) : networkFirst(request));
});

async function keep(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([base, ...files.map((file) => base + file)]);
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function keptFirst(request: Request, path = request.url): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

async function networkFirst(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(cacheName);
    const page = await cache.match(base, { ignoreVary: true });
    if (page) return page;
    throw error;
  }
}
