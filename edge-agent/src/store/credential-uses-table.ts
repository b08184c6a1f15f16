import { DomainError } from '@gatecast/firmware-protocol';
import type { Database } from 'better-sqlite3';

/** How often each credential with limited uses has opened. */
export class CredentialUsesTable {
  readonly #all;
  readonly #useOnce;
  readonly #keepOnly;

  constructor(db: Database) {
    this.#all = db.prepare<[], { credential: string; uses: number }>('SELECT credential, uses FROM credential_uses');
    this.#useOnce = db.prepare<[string, number], { uses: number }>(
      `INSERT INTO credential_uses (credential, uses) VALUES (?, 1)
       ON CONFLICT (credential) DO UPDATE SET uses = uses + 1 WHERE uses < ? RETURNING uses`,
    );
    this.#keepOnly = db.prepare(
      `DELETE FROM credential_uses WHERE credential NOT IN
       (SELECT json_extract(value, '$.id') FROM json_each(?, '$.credentials'))`,
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

  /** Forgets the uses of credentials that the list (JSON text of an access document) no longer names. */
  keepOnly(listText: string): void {
    this.#keepOnly.run(listText);
  }
}
