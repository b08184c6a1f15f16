import { whenIdle } from '../../kit/when-idle.ts';

/** Pages on which nobody has typed anything that a fresh start would lose. */
const startsAnewWell = /^\/h5\/door(\/qr)?\/?$/;

/**
 * Lets the door's pages start without a network from now on: the QR code is wanted in a basement too. Where a browser cannot (or the page did not come
 * over HTTPS), they need one, as before.
 */
export function keepForOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  whenIdle(() =>
    navigator.serviceWorker.register('/h5/worker.js', { scope: '/h5/' }).then(changeOutOfSight, () => undefined),
  );
}

/** A phone never closes its pages: a newer build takes over while this one is in a pocket. */
function changeOutOfSight(registration: ServiceWorkerRegistration): void {
  const isFree = (): boolean => document.visibilityState === 'hidden' && startsAnewWell.test(location.pathname);
  document.addEventListener('visibilitychange', () => {
    if (!isFree() || !registration.waiting) return;
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    registration.waiting.postMessage('take-over');
  });
}
