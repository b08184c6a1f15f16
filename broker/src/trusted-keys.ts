import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@gatecast/firmware-protocol';
import { rawKey } from '@gatecast/firmware-protocol/messages';
import { publicKeyOf } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import { CachedDocument } from './cached-document.ts';
import { fetchJson, parseJson } from './fetch-json.ts';
import type { Limits } from './limits.ts';

const maxKeys = 64;

/** RFC 7517 and RFC 8037; keys of other kinds in the set are passed over. */
const keySet = z.object({
  keys: z
    .array(
      z.union([
        z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), kid: z.string().max(64), x: rawKey }),
        z.unknown(),
      ]),
    )
    .max(maxKeys),
});
type KeySet = z.infer<typeof keySet>;

/** The cloud's public keys by key id: fetched, and kept on disk so that the broker can start while the cloud is away. */
export class TrustedKeys {
  readonly #url: string;
  readonly #cache: CachedDocument;
  readonly #clock: Clock;
  readonly #limits: Limits;
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #triedAtMs = -Infinity;
  #fetchedAtMs = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(cloudUrl: string, dataDir: string, clock: Clock, limits: Limits) {
    this.#url = new URL('/.well-known/jwks.json', cloudUrl).href;
    this.#cache = new CachedDocument(join(dataDir, 'jwks.json'));
    this.#clock = clock;
    this.#limits = limits;
  }

  get known(): boolean {
    return this.#keys.size > 0;
  }

  /** Takes what the last run kept. Rejects if the kept file is damaged. */
  async load(): Promise<void> {
    const text = await this.#cache.read();
    if (text !== undefined) this.#keys = importKeys(parseJson(text, keySet));
  }

  /** The key, after one fetch if it is not known and the last fetch is long enough ago. Never rejects for want of the cloud. */
  async find(kid: string): Promise<KeyObject | undefined> {
    if (!this.#keys.has(kid)) await this.#fetching?.catch(ignored);
    if (!this.#keys.has(kid) && this.#sinceTryMs() >= this.#limits.keyRefetchMs) await this.refresh().catch(ignored);
    return this.#keys.get(kid);
  }

  /** Fetches if the keys are old or none. Rejects as `fetchJson` does. */
  async refreshIfStale(): Promise<void> {
    const ageMs = this.#clock.mono() - this.#fetchedAtMs;
    if (!this.known || ageMs >= this.#limits.keyMaxAgeMs) await this.refresh();
  }

  /** Fetches; callers at the same time share one request. */
  refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    this.#triedAtMs = this.#clock.mono();
    const fetched = await fetchJson(this.#url, keySet, AbortSignal.timeout(this.#limits.fetchTimeoutMs));
    this.#keys = importKeys(fetched);
    this.#fetchedAtMs = this.#clock.mono();
    await this.#cache.write(JSON.stringify(fetched));
  }

  #sinceTryMs(): number {
    return this.#clock.mono() - this.#triedAtMs;
  }
}

function importKeys({ keys }: KeySet): Map<string, KeyObject> {
  const imported = new Map<string, KeyObject>();
  for (const key of keys) {
    if (isEd25519(key)) imported.set(key.kid, publicKeyOf('ed25519', key.x));
  }
  return imported;
}

const isEd25519 = (key: unknown): key is { readonly kid: string; readonly x: string } =>
  typeof key === 'object' && key !== null && 'crv' in key && key.crv === 'Ed25519' && 'kid' in key && 'x' in key;

/** The poll reports the same fault; to who asks for a key the answer is that it is not known. */
const ignored = (): void => undefined;
