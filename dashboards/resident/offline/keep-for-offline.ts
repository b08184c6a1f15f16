import { whenIdle } from '../../kit/when-idle.ts';

/**
 * Lets the door's pages start without a network from now on: the QR code is wanted in a basement too. Where a browser cannot (or the page did not come
 * over HTTPS), they need one, as before.
 */
export function keepForOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  whenIdle(() => navigator.serviceWorker.register('/h5/worker.js', { scope: '/h5/' }).catch(() => undefined));
}
