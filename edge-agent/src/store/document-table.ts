import { DomainError } from '@gatecast/firmware-protocol';
import { documentKinds, type DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { Database } from 'better-sqlite3';
import { readBody, type DocumentBase } from './document-check.ts';
import type { StoredDocument } from './snapshot.ts';

/** The version in force and the one to return to. */
const versionsKept = 2;

interface DocumentRow {
  readonly version: number;
  readonly hash: string;
  readonly body: string;
}

export interface DocumentText {
  readonly kind: DocumentKind;
  readonly version: number;
  readonly hash: string;
  /** JSON in UTF-8. */
  readonly text: ArrayBuffer;
}

/** The documents that the cloud wants in force; they were checked before they came here. */
export class DocumentTable {
  readonly #newest;
  readonly #text;
  readonly #add;
  readonly #drop;
  readonly #count;
  readonly #forget;

  constructor(db: Database) {
    this.#newest = db.prepare<[string], DocumentRow>(
      'SELECT version, hash, body FROM documents WHERE kind = ? ORDER BY version DESC LIMIT 1',
    );
    this.#text = db.prepare<[string], Omit<DocumentBase, 'text'> & { readonly bytes: Buffer }>(
      'SELECT version, hash, CAST(body AS BLOB) AS bytes FROM documents WHERE kind = ? ORDER BY version DESC LIMIT 1',
    );
    this.#add = db.prepare('INSERT INTO documents (kind, version, hash, body) VALUES (?, ?, ?, ?)');
    this.#drop = db.prepare('DELETE FROM documents WHERE kind = ? AND version = ?');
    this.#count = db.prepare<[string], { versions: number }>(
      'SELECT count(*) AS versions FROM documents WHERE kind = ?',
    );
    this.#forget = db.prepare(
      `DELETE FROM documents WHERE kind = ? AND version NOT IN
       (SELECT version FROM documents WHERE kind = ? ORDER BY version DESC LIMIT ?)`,
    );
  }

  newest(kind: DocumentKind): StoredDocument | undefined {
    const row = this.#newest.get(kind);
    const value = row && readBody(kind, JSON.parse(row.body));
    return row && value && { version: row.version, hash: row.hash, value };
  }

  /** The body of the newest version as it was signed. */
  textOf(kind: DocumentKind): DocumentBase | undefined {
    const row = this.#text.get(kind);
    return row && { version: row.version, hash: row.hash, text: new Uint8Array(row.bytes).buffer };
  }

  all(): ReadonlyMap<DocumentKind, StoredDocument> {
    const documents = new Map<DocumentKind, StoredDocument>();
    for (const kind of documentKinds.options) {
      const document = this.newest(kind);
      if (document) documents.set(kind, document);
    }
    return documents;
  }

  save({ kind, version, hash, text }: DocumentText): void {
    const inForce = this.#newest.get(kind);
    if (inForce && inForce.version >= version) throw new DomainError('stale-version', 'a newer version is in force');
    this.#add.run(kind, version, hash, Buffer.from(text).toString('utf8'));
    this.#forget.run(kind, kind, versionsKept);
  }

  /** Takes a version back that passed its checks but did not work, if there is one before it to return to. */
  revert(kind: DocumentKind, version: number): StoredDocument | undefined {
    if (this.#count.get(kind)?.versions !== versionsKept) return undefined;
    this.#drop.run(kind, version);
    return this.newest(kind);
  }
}
