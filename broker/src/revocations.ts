import { join } from 'node:path';
import { DomainError, hours, type Clock } from '@gatecast/firmware-protocol';
import { revocationContext, revocationList, revocations } from '@gatecast/firmware-protocol/messages';
import { verifyText } from '@gatecast/firmware-protocol/node';
import type { z } from 'zod';
import { CachedDocument } from './cached-document.ts';
import { fetchJson, parseJson } from './fetch-json.ts';
import type { Limits } from './limits.ts';
import type { TrustedKeys } from './trusted-keys.ts';

type SignedList = z.infer<typeof revocations>;

/** Tokens live one hour; an entry twice as old that the cloud no longer lists can void nothing. */
const entryLifeMs = hours(2);

/**
 * Whose tokens are void. Lists are merged, never replaced, so that an old signed list, played again, takes no revocation back.
 */
export class Revocations {
  readonly #url: string;
  readonly #cache: CachedDocument;
  readonly #keys: TrustedKeys;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #beforeSecond = new Map<string, number>();
  /** When the cloud made the newest list that was taken. */
  #newestAt: number | undefined;

  constructor(cloudUrl: string, dataDir: string, keys: TrustedKeys, clock: Clock, limits: Limits) {
    this.#url = new URL('/v1/terminals/revocations', cloudUrl).href;
    this.#cache = new CachedDocument(join(dataDir, 'revocations.json'));
    this.#keys = keys;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** True once a list was taken: without one nobody can tell whose token is void. */
  get known(): boolean {
    return this.#newestAt !== undefined;
  }

  /** Takes what the last run kept. Rejects if the file is damaged, or not signed by a key that is known. */
  async load(): Promise<void> {
    const text = await this.#cache.read();
    if (text !== undefined) await this.#merge(parseJson(text, revocations));
  }

  /** Fetches and merges the list. Rejects as `fetchJson` does, and with DomainError `unsigned-revocations`. */
  async refresh(): Promise<void> {
    const signed = await fetchJson(this.#url, revocations, AbortSignal.timeout(this.#limits.fetchTimeoutMs));
    // An old list that is played again takes nothing back, not after a restart either.
    if (await this.#merge(signed)) await this.#cache.write(JSON.stringify(signed));
  }

  /** True for a token of `subject` that was issued at or before the second of its revocation. */
  voids(subject: string, issuedAtSecond: number): boolean {
    return issuedAtSecond <= (this.#beforeSecond.get(subject) ?? -1);
  }

  /** True for a list that is not older than another one before it. */
  async #merge({ payload, signature }: SignedList): Promise<boolean> {
    const key = await this.#keys.find(signature.kid);
    if (!key || !verifyText(key, revocationContext, payload, signature.value)) {
      throw new DomainError('unsigned-revocations', 'the revocation list carries no signature of a known key');
    }
    const { at, revoked } = parseJson(payload, revocationList);
    this.#forgetOld();
    for (const { subject, beforeSecond } of revoked) {
      this.#beforeSecond.set(subject, Math.max(beforeSecond, this.#beforeSecond.get(subject) ?? 0));
    }
    const isNewest = at >= (this.#newestAt ?? 0);
    if (isNewest) this.#newestAt = at;
    return isNewest;
  }

  #forgetOld(): void {
    const oldestSecond = (this.#clock.now() - entryLifeMs) / 1_000;
    for (const [subject, second] of this.#beforeSecond) {
      if (second < oldestSecond) this.#beforeSecond.delete(subject);
    }
  }
}
