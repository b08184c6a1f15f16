import { invariant } from '@gatecast/firmware-protocol';
import type { DocumentEnvelope, DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import * as versions from './documents-store.ts';

/** The newest version of a document that is put together, as far as it is stored. */
export interface NewestComposed {
  readonly terminalId: string;
  readonly own: unknown;
  readonly basis: number;
  readonly bytes: number;
  /** Everything of the envelope but the body. */
  readonly identity: Omit<DocumentEnvelope, 'body'>;
}

/** The version that a terminal has in force. */
export interface VersionInForce {
  readonly version: number;
  readonly hash: string;
  readonly basis: number;
}

/**
 * The JSON text of a document's envelope, or of the delta from the version in force if there is one and it is shorter, in parts of some hundred
 * kilobytes at most.
 */
export type Composer = (
  q: Reads,
  newest: NewestComposed,
  from: VersionInForce | undefined,
) => Promise<readonly string[]>;

/** As a value, or as JSON text in parts. */
export type DocumentAnswer = { readonly envelope: DocumentEnvelope } | { readonly parts: readonly string[] };

/** A source that moves on this often while it is read is read too slowly. */
const attemptsMax = 6;

export async function answerDocument(
  q: Reads,
  composer: Composer | undefined,
  asked: { readonly terminalId: string; readonly kind: DocumentKind; readonly from: number | undefined },
): Promise<DocumentAnswer> {
  const { terminalId, kind } = asked;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const row = await versions.newestVersion(q, terminalId, kind);
    if (!row) throw refusal('no-such-version', 'there is no such document yet');
    const { version, hash, body, signature, basis, bytes } = row;
    const terminal = terminalId as DocumentEnvelope['terminal'];
    const identity = { v: 1, kind, terminal, version, hash, ...(signature && { signature }) } as const;
    if (basis === null || bytes === null) return { envelope: { ...identity, body } };
    invariant(composer, `somebody puts ${kind} documents together`);
    const from = asked.from === undefined ? undefined : await inForce(q, terminalId, kind, asked.from);
    const parts = await composer(q, { terminalId, own: body, basis, bytes, identity }, from);
    // Whatever changed meanwhile and concerns this document has made a version of it.
    if ((await versions.newestNo(q, terminalId, kind)) === version) return { parts };
  }
  throw refusal('conflict', 'this document changes faster than it can be read; ask again');
}

/** Undefined for a version that is no longer known, and for one that is not older than what would be told. */
async function inForce(
  q: Reads,
  terminalId: string,
  kind: DocumentKind,
  version: number,
): Promise<VersionInForce | undefined> {
  const row = await versions.findVersion(q, terminalId, kind, version);
  return row && row.basis !== null ? { ...row, basis: row.basis } : undefined;
}
