import type { Database } from 'better-sqlite3';
import { listedIds } from './listed-ids.ts';

export interface PhoneCounter {
  /** Its credential. */
  readonly phone: string;
  readonly counter: number;
}

/** The counter of the last code that was taken of each phone on the list. */
export class PhoneCounterTable {
  readonly #all;
  readonly #save;
  readonly #keepListed;

  constructor(db: Database) {
    this.#all = db.prepare<[], { credential: string; counter: number }>(
      'SELECT credential, counter FROM phone_counters',
    );
    this.#save = db.prepare(
      `INSERT INTO phone_counters (credential, counter) VALUES (?, ?)
       ON CONFLICT (credential) DO UPDATE SET counter = max(counter, excluded.counter)`,
    );
    this.#keepListed = db.prepare(`DELETE FROM phone_counters WHERE credential NOT IN (${listedIds})`);
  }

  all(): ReadonlyMap<string, number> {
    return new Map(this.#all.all().map((row) => [row.credential, row.counter]));
  }

  save({ phone, counter }: PhoneCounter): void {
    this.#save.run(phone, counter);
  }

  /** Forgets phones that the access document in force no longer names. */
  keepListed(): void {
    if (this.#all.get()) this.#keepListed.run();
  }
}
