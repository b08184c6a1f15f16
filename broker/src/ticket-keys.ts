import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { days, type Clock } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import { CachedDocument } from './cached-document.ts';
import { parseJson } from './fetch-json.ts';

/** `ticketKeys` of node:tls: a name and two keys, 16 bytes each. */
const keyBytes = 48;

/** How long a set is used, and so how long a session may go on without a new handshake. */
export const ticketKeyLifeMs = days(1);

const document = z.object({ madeAt: z.number(), keys: z.base64() });

const othersMayRead = 0o077;

/**
 * The keys that seal TLS session tickets. Kept, mode 0600, so that terminals go on with their sessions after a restart instead of all making
 * full handshakes at once (95 a second on one core, measured); replaced each day, as who has them can read what was said under them.
 */
export class TicketKeys {
  readonly #path: string;
  readonly #kept: CachedDocument;
  readonly #clock: Clock;
  #madeAt = 0;
  #keys: Buffer = Buffer.alloc(0);

  constructor(dataDir: string, clock: Clock) {
    this.#path = join(dataDir, 'tls-ticket-keys.json');
    this.#kept = new CachedDocument(this.#path);
    this.#clock = clock;
  }

  get current(): Buffer {
    return this.#keys;
  }

  /** Takes the set of the last run, unless it is old or was open to others. Rejects if the kept file is damaged. */
  async load(): Promise<void> {
    const text = await this.#kept.read();
    if (text !== undefined && ((await stat(this.#path)).mode & othersMayRead) === 0) {
      const { madeAt, keys } = parseJson(text, document);
      this.#madeAt = madeAt;
      this.#keys = Buffer.from(keys, 'base64');
    }
    await this.replaceIfOld();
  }

  /** True if there is a new set. */
  async replaceIfOld(): Promise<boolean> {
    const ageMs = this.#clock.now() - this.#madeAt;
    if (this.#keys.length === keyBytes && ageMs >= 0 && ageMs < ticketKeyLifeMs) return false;
    this.#madeAt = this.#clock.now();
    this.#keys = randomBytes(keyBytes);
    await this.#kept.write(JSON.stringify({ madeAt: this.#madeAt, keys: this.#keys.toString('base64') }));
    return true;
  }
}
