import { ApiError } from '@gatecast/cloud-api/client';
import { newIdempotencyKey } from './idempotency-key.ts';

/** A key older than this is not used again: by then the cloud has let go of whatever it held for it. */
const keptMaxMs = 10 * 60_000;

/**
 * The idempotency key of one intention, kept on the device until the answer is known: pressing again after a lost answer, even after
 * a reload, repeats the same request and gets the first answer.
 */
export interface KeptAttempt {
  /** The key for this content: the one kept from before, or a new one. */
  keyFor(content: string): string;
  /** The answer is known; the next press is a new intention. */
  settle(): void;
}

export function createKeptAttempt(name: string, now: () => number, storage: Storage = sessionStorage): KeptAttempt {
  const place = `gatecast.attempt.${name}`;
  return {
    keyFor(content) {
      const kept = storedAttempt(storage.getItem(place));
      if (kept && kept.content === content && now() - kept.at < keptMaxMs) return kept.key;
      const fresh = { content, key: newIdempotencyKey(), at: now() };
      storage.setItem(place, JSON.stringify(fresh));
      return fresh.key;
    },
    settle: () => storage.removeItem(place),
  };
}

/** True if the cloud has decided: a refusal stays one, while no answer or a broken server may hide a success. */
export const isDecided = (error: unknown): boolean =>
  error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500;

interface Stored {
  readonly content: string;
  readonly key: string;
  readonly at: number;
}
function storedAttempt(text: string | null): Stored | null {
  return text === null ? null : (JSON.parse(text) as Stored);
}
