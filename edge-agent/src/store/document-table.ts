import { DomainError } from '@gatecast/firmware-protocol';
import { credentialsMax, documentKinds, type DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { Database } from 'better-sqlite3';
import { deniedIn, readBody, type DocumentBase } from './document-check.ts';
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
  readonly #versions;
  readonly #newest;
  readonly #text;
  readonly #add;
  readonly #drop;
  readonly #count;
  readonly #forget;

  constructor(db: Database) {
    this.#versions = db.prepare<[string], DocumentRow>(
      'SELECT version, hash, body FROM documents WHERE kind = ? ORDER BY version DESC',
    );
    this.#newest = db.prepare<[string], { version: number | null }>(
      'SELECT max(version) AS version FROM documents WHERE kind = ?',
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

  /**
   * The newest version that can be read. One that a later agent took, before this one was put back, may have a form that is not known here: then the version
   * before it lets people in, less whom that one locks out. So it is with version `except`, which is not to be trusted.
   */
  newest(kind: DocumentKind, except?: number): StoredDocument | undefined {
    const denied: string[] = [];
    for (const { version, hash, body } of this.#versions.iterate(kind)) {
      const parsed: unknown = JSON.parse(body);
      const isFit = version !== except;
      const value = isFit ? readBody(kind, kind === 'access' ? without(parsed, denied) : parsed) : undefined;
      if (value) return { version, hash, value };
      denied.push(...(deniedIn(parsed) ?? []));
    }
    return undefined;
  }

  /** The body of the newest version as it was signed. */
  textOf(kind: DocumentKind): DocumentBase | undefined {
    const row = this.#text.get(kind);
    return row && { version: row.version, hash: row.hash, text: new Uint8Array(row.bytes).buffer };
  }

  all(except: ReadonlyMap<DocumentKind, { readonly version: number }>): ReadonlyMap<DocumentKind, StoredDocument> {
    const documents = new Map<DocumentKind, StoredDocument>();
    for (const kind of documentKinds.options) {
      const document = this.newest(kind, except.get(kind)?.version);
      if (document) documents.set(kind, document);
    }
    return documents;
  }

  /** A version before it that is `unproven` is not kept to return to, if there is another. */
  save({ kind, version, hash, text }: DocumentText, unproven?: number): void {
    const newest = this.#newest.get(kind)?.version ?? 0;
    if (newest >= version) throw new DomainError('stale-version', 'a newer version is in force');
    this.#add.run(kind, version, hash, Buffer.from(text).toString('utf8'));
    if (unproven !== undefined && (this.#count.get(kind)?.versions ?? 0) > versionsKept) this.#drop.run(kind, unproven);
    this.#forget.run(kind, kind, versionsKept);
  }

  /** Takes a version back that passed its checks but did not work, if there is one before it to return to. */
  revert(kind: DocumentKind, version: number): StoredDocument | undefined {
    if (!this.hasBefore(kind)) return undefined;
    this.#drop.run(kind, version);
    return this.newest(kind);
  }

  /** There is one to return to. */
  hasBefore(kind: DocumentKind): boolean {
    return this.#count.get(kind)?.versions === versionsKept;
  }

  isNewest(kind: DocumentKind, version: number): boolean {
    return this.#newest.get(kind)?.version === version;
  }

  /** Takes the newest version back, also if nothing was before it. `denied`: whom a list locks out that goes. */
  drop(kind: DocumentKind, version: number): { readonly denied: readonly string[] } {
    const dropped = this.#versions.all(kind).find((row) => row.version === version);
    this.#drop.run(kind, version);
    return { denied: (dropped && kind === 'access' && deniedIn(JSON.parse(dropped.body))) || [] };
  }
}

/** A list that locks out these people too. */
function without(list: unknown, denied: readonly string[]): unknown {
  const deny = [...new Set([...denied, ...(deniedIn(list) ?? [])])].slice(0, credentialsMax);
  return denied.length > 0 && typeof list === 'object' ? { ...list, deny } : list;
}
