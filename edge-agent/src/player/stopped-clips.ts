import type { MediaClip, StopOrder } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { PlayerMemory } from './player-memory.ts';

const memoryKey = 'media-stopped';
const remembered = z.array(z.tuple([z.string(), z.number()]));
/** More are not stopped within the days that a manifest lasts; the newest count. */
export const stoppedMax = 500;

type Order = Pick<StopOrder, 'clips' | 'at'>;

/** Files that were ordered to stop, over restarts: until a manifest names them as approved later than that. */
export interface StoppedClips {
  /** Nothing of the order is new. */
  isKnown(order: Order): boolean;
  /** Takes an order that is genuine. It holds at once; that it could not be kept is logged. */
  stop(order: Order): void;
  isStopped(clip: Pick<MediaClip, 'sha256' | 'approvedAt'>): boolean;
}

/** Reads the memory when it is first asked. */
export function createStoppedClips(memory: PlayerMemory, log: Logger): StoppedClips {
  let known: Map<string, number> | undefined;
  const stopped = () => (known ??= recall(memory, log));
  const isKnown = ({ clips, at }: Order) => clips.every((sha256) => (stopped().get(sha256) ?? -1) >= at);
  return {
    isKnown,
    stop(order) {
      if (isKnown(order)) return;
      const { clips, at } = order;
      known = newest([...stopped(), ...clips.map((sha256) => [sha256, at] as const)]);
      log.warn({ clips, at }, 'clips are stopped');
      memory
        .set(memoryKey, JSON.stringify([...known]))
        .catch((err: unknown) => log.error({ err }, 'what was stopped could not be kept'));
    },
    isStopped: ({ sha256, approvedAt }) => (stopped().get(sha256) ?? -1) >= approvedAt,
  };
}

/** By file the latest order, of the latest ones. */
function newest(orders: readonly (readonly [string, number])[]): Map<string, number> {
  const oldestFirst = orders.toSorted(([, a], [, b]) => a - b);
  return new Map([...new Map(oldestFirst)].toSorted(([, a], [, b]) => a - b).slice(-stoppedMax));
}

function recall(memory: PlayerMemory, log: Logger): Map<string, number> {
  const kept = memory.get(memoryKey);
  if (kept === undefined) return new Map();
  try {
    return new Map(remembered.parse(JSON.parse(kept)));
  } catch (err) {
    log.error({ err }, 'what was stopped cannot be read');
    return new Map();
  }
}
