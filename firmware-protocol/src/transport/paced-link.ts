import { wireTimeMs } from '../osdp/frame/bus-timing.ts';
import type { Clock } from '../units/time.ts';
import type { ByteLink } from './link.ts';

/**
 * Makes a fast link as slow as a wire of `baud`: half-duplex, what is written leaves when its last character would have,
 * and what arrives is heard when its last character would have been. Timers keep it to about a millisecond.
 */
export function pacedLink(link: ByteLink, baud: number, clock: Clock): ByteLink {
  let wireFreeMs = 0;
  const afterWire = (bytes: Uint8Array, deliver: () => void): void => {
    const nowMs = clock.mono();
    wireFreeMs = Math.max(wireFreeMs, nowMs) + wireTimeMs(bytes.length, baud);
    setTimeout(deliver, wireFreeMs - nowMs);
  };
  return {
    write: (bytes) => afterWire(bytes, () => link.write(bytes)),
    onData: (listener) => link.onData((bytes) => afterWire(bytes, () => listener(bytes))),
    onClose: (listener) => link.onClose(listener),
    close: () => link.close(),
  };
}
