import {
  canonicalJson,
  documentContext,
  documentPreimage,
  signedKinds,
  topicsOf,
  type DesiredVersions,
  type DocumentEnvelope,
  type DocumentKind,
  type Hint,
  type Reported,
} from '@gatecast/firmware-protocol/messages';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { and, eq } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import * as rows from './store.ts';

const versionsKept = 5;

export interface Documents {
  /**
   * Makes `body` the newest version of a document and returns its number; the same body again keeps the version.
   * The hint leaves right after the commit. `config` and `access` are signed by the company's door authority.
   */
  publish(q: Tx, terminal: rows.PlacedTerminal, kind: DocumentKind, body: unknown): Promise<number>;
  /** Newest version of each kind. */
  desired(terminalId: string): Promise<DesiredVersions>;
  /** Rejects with `no-such-version` before the first. */
  newest(terminalId: string, kind: DocumentKind): Promise<DocumentEnvelope>;
  /** Takes the terminal's word on what became of a version. */
  report(q: Tx, terminal: rows.PlacedTerminal, report: Reported): Promise<void>;
}

export function createDocuments({ clock, store, signer, link, events }: Platform): Documents {
  return {
    async publish(q, terminal, kind, body) {
      const hash = sha256Hex(canonicalJson(body));
      const last = await rows.newestVersion(q, terminal.id, kind);
      if (last?.hash === hash) return last.version;
      const version = (last?.version ?? 0) + 1;
      const at = clock.now();
      const identity = { kind, terminal: terminal.id as DocumentEnvelope['terminal'], version, hash };
      const signature = signedKinds.has(kind)
        ? await signer.sign(q, 'door-authority', terminal.companyId, documentContext, documentPreimage(identity))
        : null;
      await q
        .insert(q.t.documentVersions)
        .values({ terminalId: terminal.id, kind, version, hash, body, signature, at });
      await q
        .insert(q.t.terminalDocuments)
        .values({ terminalId: terminal.id, kind, desired: version })
        .onConflictDoUpdate({
          target: [q.t.terminalDocuments.terminalId, q.t.terminalDocuments.kind],
          set: { desired: version },
        });
      await rows.dropOldVersions(q, terminal.id, kind, version - versionsKept);
      const hint: Hint = { v: 1, kind, version };
      q.afterCommit(async () => void (await link.publish(topicsOf(terminal.id).hint, JSON.stringify(hint), 0)));
      await events.emit(q, {
        type: 'document-published',
        subject: terminal.id,
        facts: { kind, version },
        companyId: terminal.companyId,
      });
      return version;
    },

    async desired(terminalId) {
      const found = await rows.documentsOf(store.read, [terminalId]);
      return Object.fromEntries(found.map(({ kind, desired }) => [kind, desired]));
    },

    async newest(terminalId, kind) {
      const row = await rows.newestVersion(store.read, terminalId, kind);
      if (!row) throw refusal('no-such-version', 'there is no such document yet');
      const { version, hash, body, signature } = row;
      const terminal = terminalId as DocumentEnvelope['terminal'];
      return { v: 1, kind, terminal, version, hash, body, ...(signature && { signature }) };
    },

    async report(q, terminal, { kind, version, state, reason }) {
      const known = await rows.findDocument(q, terminal.id, kind);
      if (!known || version > known.desired) throw refusal('no-such-version', 'this version was never made');
      if (isOldNews(known, version, state)) return;
      const t = q.t.terminalDocuments;
      await q
        .update(t)
        .set(
          state === 'applied'
            ? { applied: version, appliedAt: clock.now() }
            : { failed: version, reason: reason ?? 'unknown' },
        )
        .where(and(eq(t.terminalId, terminal.id), eq(t.kind, kind)));
      await events.emit(q, {
        type: state === 'applied' ? 'document-applied' : 'document-failed',
        subject: terminal.id,
        facts: { kind, version, reason: reason ?? null },
        companyId: terminal.companyId,
      });
    },
  };
}

const isOldNews = (known: rows.DocumentRow, version: number, state: Reported['state']): boolean =>
  state === 'applied' ? known.applied === version : known.failed === version;

/** Newest versions in force, as a presence tells them. */
export async function takeApplied(
  q: Tx,
  documents: Documents,
  terminal: rows.PlacedTerminal,
  applied: DesiredVersions,
): Promise<void> {
  const known = await rows.documentsOf(q, [terminal.id]);
  for (const { kind, desired, applied: before } of known) {
    const version = applied[kind];
    if (version === undefined || version === before || version > desired) continue;
    await documents.report(q, terminal, { kind, version, state: 'applied' });
  }
}
