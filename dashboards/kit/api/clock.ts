/**
 * The cloud's clock, as this page sees it. Windows of codes, holds and group times are the cloud's, so a wrong
 * clock on a phone must not shift them.
 */
export interface CloudClock {
  readonly now: () => number;
  /**
   * Asks `GET /v1/time` once; the middle of the round trip is taken as the moment of the answer. Rejects without an answer; false for one that tells
   * no time.
   */
  readonly adjust: (signal?: AbortSignal) => Promise<boolean>;
}

export function createCloudClock(base: string, ask: typeof fetch = fetch): CloudClock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    async adjust(signal) {
      const asked = Date.now();
      const answer = await ask(`${base}/v1/time?nonce=${newNonce()}`, { signal: signal ?? null });
      if (!answer.ok) return false;
      const body: unknown = await answer.json();
      const now = typeof body === 'object' && body !== null && 'now' in body ? body.now : undefined;
      if (typeof now !== 'number') return false;
      offsetMs = Math.round(now - (asked + Date.now()) / 2);
      return true;
    },
  };
}

function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
