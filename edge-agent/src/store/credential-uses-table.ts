import { DomainError } from '@gatecast/firmware-protocol';
import type { Database } from 'better-sqlite3';
import type { UseRecord } from '../door/right.ts';
import { listedIds } from './listed-ids.ts';

/** Far more than are valid at a time. Beyond it a pass with counted uses opens nothing, rather than one that is forgotten opening twice. */
const rowsMax = 100_000;

export interface Use {
  readonly credential: string;
  /** Null: this use counts only for being the first. */
  readonly usesMax: number | null;
  /** UTC ms. */
  readonly at: number;
  /** When the credential ends, UTC ms: until then its uses are remembered although no list names it. */
  readonly keepUntil: number | null;
}

interface UseRow {
  readonly uses: number;
  readonly firstUsedAt: number | null;
}

/** How each credential was used whose uses or first use count. */
export class CredentialUsesTable {
  readonly #all;
  readonly #count;
  readonly #useOnce;
  readonly #returnOne;
  readonly #keepListed;

  constructor(db: Database) {
    this.#all = db.prepare<[], UseRow & { credential: string }>(
      'SELECT credential, uses, first_used_at AS firstUsedAt FROM credential_uses',
    );
    this.#count = db.prepare<[], { rows: number }>('SELECT count(*) AS rows FROM credential_uses');
    this.#useOnce = db.prepare<[string, number, number | null, number | null], UseRow>(
      `INSERT INTO credential_uses (credential, uses, first_used_at, keep_until) VALUES (?, 1, ?, ?)
       ON CONFLICT (credential) DO UPDATE SET
         uses = uses + 1,
         first_used_at = coalesce(first_used_at, excluded.first_used_at),
         keep_until = max(coalesce(keep_until, excluded.keep_until), coalesce(excluded.keep_until, keep_until))
       WHERE uses < coalesce(?, uses + 1) RETURNING uses, first_used_at AS firstUsedAt`,
    );
    this.#returnOne = db.prepare<[string], UseRow>(
      `UPDATE credential_uses SET uses = uses - 1, first_used_at = CASE uses WHEN 1 THEN NULL ELSE first_used_at END
       WHERE credential = ? AND uses > 0 RETURNING uses, first_used_at AS firstUsedAt`,
    );
    this.#keepListed = db.prepare<[number], { credential: string }>(
      `DELETE FROM credential_uses WHERE coalesce(keep_until, 0) <= ? AND credential NOT IN (${listedIds})
       RETURNING credential`,
    );
  }

  all(): ReadonlyMap<string, UseRecord> {
    return new Map(this.#all.all().map(({ credential, ...used }) => [credential, used]));
  }

  /** The uses so far, this one included. Throws DomainError `used-up` when all are gone, `cannot-commit` when no more can be remembered. */
  useOnce({ credential, usesMax, at, keepUntil }: Use): UseRecord {
    if ((this.#count.get()?.rows ?? 0) >= rowsMax) throw new DomainError('cannot-commit', 'too many uses to remember');
    const counted = this.#useOnce.get(credential, at, keepUntil, usesMax);
    if (!counted) throw new DomainError('used-up', 'the credential has no uses left');
    return counted;
  }

  /** The uses so far without the one that is given back. */
  returnOne(credential: string): UseRecord {
    return this.#returnOne.get(credential) ?? { uses: 0, firstUsedAt: null };
  }

  /** Forgets the uses of credentials that the access document in force does not name, and that have ended by `now` (UTC ms, trusted). Returns whose. */
  keepListed(now: number): string[] {
    return this.#all.get() ? this.#keepListed.all(now).map(({ credential }) => credential) : [];
  }
}
