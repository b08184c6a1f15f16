import { seededRandom } from './virtual-bus.fixture.ts';
import type { LineFault } from './virtual-bus.fixture.ts';

/** Shares of all transmissions. */
export interface Rates {
  readonly drop: number;
  readonly corrupt: number;
  readonly duplicate: number;
}

/** What such a line does, the same for the same seed. */
export function faultyLine(seed: number, { drop, corrupt, duplicate }: Rates): LineFault {
  const random = seededRandom(seed);
  return (bytes) => {
    if (random() < drop) {
      return [];
    }
    const arrived = bytes.slice();
    if (random() < corrupt) {
      const at = Math.floor(random() * arrived.length);
      arrived[at] = (arrived[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return random() < duplicate ? [arrived, arrived] : [arrived];
  };
}
