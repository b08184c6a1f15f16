import { DomainError } from '@gatecast/firmware-protocol';
import type { Database } from 'better-sqlite3';

/** How often each credential with limited uses has opened. */
export class CredentialUsesTable {
  readonly #all;
  readonly #useOnce;
  readonly #returnOne;
  readonly #keepListed;

  constructor(db: Database) {
    this.#all = db.prepare<[], { credential: string; uses: number }>('SELECT credential, uses FROM credential_uses');
    this.#useOnce = db.prepare<[string, number], { uses: number }>(
      `INSERT INTO credential_uses (credential, uses) VALUES (?, 1)
       ON CONFLICT (credential) DO UPDATE SET uses = uses + 1 WHERE uses < ? RETURNING uses`,
    );
    this.#returnOne = db.prepare<[string], { uses: number }>(
      'UPDATE credential_uses SET uses = uses - 1 WHERE credential = ? AND uses > 0 RETURNING uses',
    );
    this.#keepListed = db.prepare(
      `DELETE FROM credential_uses WHERE credential NOT IN
       (SELECT json_extract(entry.value, '$.id') FROM
        (SELECT body FROM documents WHERE kind = 'access' ORDER BY version DESC LIMIT 1) AS list,
        json_each(list.body, '$.credentials') AS entry)`,
    );
  }

  all(): ReadonlyMap<string, number> {
    return new Map(this.#all.all().map((row) => [row.credential, row.uses]));
  }

  /** The uses so far, this one included. Throws DomainError `used-up` when all are gone. */
  useOnce(credential: string, usesMax: number): number {
    const counted = this.#useOnce.get(credential, usesMax);
    if (!counted) throw new DomainError('used-up', 'the credential has no uses left');
    return counted.uses;
  }

  /** The uses so far without the one that is given back. */
  returnOne(credential: string): number {
    return this.#returnOne.get(credential)?.uses ?? 0;
  }

  /** Forgets the uses of credentials that the access document in force no longer names. */
  keepListed(): void {
    if (this.#all.get()) this.#keepListed.run();
  }
}
