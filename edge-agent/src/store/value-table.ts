import { DomainError } from '@gatecast/firmware-protocol';
import { claimResponse, type ClaimResponse } from '@gatecast/firmware-protocol/messages';
import type { Database } from 'better-sqlite3';
import { valueKeys } from './snapshot.ts';

const notRunning = 'no';

/** Small texts by key, and the claim among them. */
export class ValueTable {
  readonly #get;
  readonly #all;
  readonly #set;
  readonly #remove;
  #claim: ClaimResponse | null = null;

  constructor(db: Database) {
    this.#get = db.prepare<[string], { value: string }>('SELECT value FROM kv WHERE key = ?');
    this.#all = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM kv');
    this.#set = db.prepare(
      'INSERT INTO kv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    this.#remove = db.prepare('DELETE FROM kv WHERE key = ?');
  }

  get(key: string): string | undefined {
    return this.#get.get(key)?.value;
  }

  remove(key: string): void {
    this.#remove.run(key);
  }

  all(): ReadonlyMap<string, string> {
    return new Map(this.#all.all().map((row) => [row.key, row.value]));
  }

  set(key: string, value: string): void {
    this.#set.run(key, value);
  }

  claim(): ClaimResponse | null {
    const stored = this.#claim ? undefined : this.#get.get(valueKeys.claim);
    if (stored) this.#claim = claimResponse.parse(JSON.parse(stored.value));
    return this.#claim;
  }

  /** A terminal is claimed once in the life of its database. */
  saveClaim(answer: ClaimResponse): void {
    if (this.claim()) throw new DomainError('already-claimed', 'this terminal was claimed before');
    this.set(valueKeys.claim, JSON.stringify(answer));
  }

  /** The latest moment that a trusted clock has shown, UTC ms; 0 if none ever did. */
  wallHighMs(): number {
    return Number(this.#get.get(valueKeys.wallHighMs)?.value ?? 0);
  }

  /** True if the last run was cut off. */
  isUnclean(): boolean {
    const running = this.#get.get(valueKeys.running)?.value;
    return running !== undefined && running !== notRunning;
  }

  /** True if the last run was cut off while the machine went on: it was no power cut. */
  endedAlone(machineBoot: string): boolean {
    return this.#get.get(valueKeys.running)?.value === machineBoot;
  }

  /** `machineBoot`: which start of the machine it is. */
  beginRun(machineBoot: string): void {
    this.set(valueKeys.running, machineBoot);
  }

  endRun(): void {
    this.set(valueKeys.running, notRunning);
  }
}
