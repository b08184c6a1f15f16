import {
  alsoSignedKinds,
  canonicalJson,
  documentContext,
  documentPreimage,
  isKnownTo,
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
import { answerDocument, type Composer, type DocumentAnswer } from './documents-answer.ts';
import * as versions from './documents-store.ts';
import * as rows from './store.ts';

/** A version whose body is put together from elsewhere whenever somebody asks for it. */
export interface ComposedVersion {
  /** The part of the body that is the terminal's own. */
  readonly own: unknown;
  /** The state of the source that tells the rest. */
  readonly basis: number;
  /** SHA-256 of the whole body's canonical JSON, in hex, and its length. */
  readonly hash: string;
  readonly bytes: number;
}

/** Runs in the transaction in which a terminal says that version `to` is in force, after `from` (0: none). */
export type AppliedHook = (
  q: Tx,
  terminalId: string,
  applied: { readonly kind: DocumentKind; readonly from: number; readonly to: number },
) => Promise<void>;

export type ProtocolHook = (q: Tx, terminalId: string) => Promise<void>;

export interface Documents {
  /**
   * Makes `body` the newest version of a document and returns its number; the same body again keeps the version.
   * The hint leaves right after the commit. `config`, `access` and `media` are signed by the company's door authority.
   */
  publish(q: Tx, terminal: rows.PlacedTerminal, kind: DocumentKind, body: unknown): Promise<number>;
  /** As `publish`, of a body that is stored elsewhere. */
  publishComposed(q: Tx, terminal: rows.PlacedTerminal, kind: DocumentKind, composed: ComposedVersion): Promise<number>;
  /** Says who puts the versions of a kind together that were published by `publishComposed`. */
  composeWith(kind: DocumentKind, composer: Composer): void;
  /** The newest version is shown to nobody, and none is in force: the terminal has new keys. The next version ends that. */
  withhold(q: Tx, terminalId: string, kind: DocumentKind): Promise<void>;
  /** Newest version of each kind that a terminal knows which speaks this version of the messages; that it does is noted. */
  desired(terminalId: string, protocol: number): Promise<DesiredVersions>;
  /**
   * The newest version, for who has version `from` in force; undefined: none. Rejects with `no-such-version` before the first, and with
   * `conflict` while it changes faster than it can be read.
   */
  newest(terminalId: string, kind: DocumentKind, from: number | undefined): Promise<DocumentAnswer>;
  /** Takes the terminal's word on what became of a version. */
  report(q: Tx, terminal: rows.PlacedTerminal, report: Reported): Promise<void>;
  onApplied(hook: AppliedHook): void;
  /** Runs in the transaction in which a terminal is known to speak another version of the messages than before. */
  onProtocol(hook: ProtocolHook): void;
}

export function createDocuments(platform: Platform): Documents {
  const { clock, store, signer, link, events } = platform;
  const composers = new Map<DocumentKind, Composer>();
  const hooks: AppliedHook[] = [];
  const protocolHooks: ProtocolHook[] = [];

  const insert = async (
    q: Tx,
    terminal: rows.PlacedTerminal,
    kind: DocumentKind,
    content: versions.VersionContent,
  ): Promise<number> => {
    const last = await versions.newestVersion(q, terminal.id, kind);
    // What is shown to nobody is not there: the same body again is a new version.
    if (last?.hash === content.hash && !(await rows.findDocument(q, terminal.id, kind))?.withheld) return last.version;
    const version = (last?.version ?? 0) + 1;
    const identity = { kind, terminal: terminal.id as DocumentEnvelope['terminal'], version, hash: content.hash };
    const signature =
      signedKinds.has(kind) || alsoSignedKinds.has(kind)
        ? await signer.sign(q, 'door-authority', terminal.companyId, documentContext, documentPreimage(identity))
        : null;
    await versions.addVersion(q, { terminalId: terminal.id, kind, version, signature, at: clock.now(), ...content });
    const hint: Hint = { v: 1, kind, version };
    q.afterCommit(() => link.hint(topicsOf(terminal.id).hint, JSON.stringify(hint)));
    await events.emit(q, {
      type: 'document-published',
      subject: terminal.id,
      facts: { kind, version },
      companyId: terminal.companyId,
    });
    return version;
  };

  const note = (terminalId: string, protocol: number) =>
    store.tx(async (q) => {
      await q.update(q.t.terminals).set({ protocol }).where(eq(q.t.terminals.id, terminalId));
      for (const hook of protocolHooks) await hook(q, terminalId);
    });

  return {
    publish: (q, terminal, kind, body) =>
      insert(q, terminal, kind, { hash: sha256Hex(canonicalJson(body)), body, basis: null, bytes: null }),
    publishComposed: (q, terminal, kind, { own, basis, hash, bytes }) =>
      insert(q, terminal, kind, { hash, body: own, basis, bytes }),
    composeWith: (kind, composer) => void composers.set(kind, composer),
    withhold: (q, terminalId, kind) => versions.withhold(q, terminalId, kind),
    onApplied: (hook) => void hooks.push(hook),
    onProtocol: (hook) => void protocolHooks.push(hook),

    async desired(terminalId, protocol) {
      if ((await rows.protocolOf(store.read, terminalId)) !== protocol) await note(terminalId, protocol);
      const found = await rows.documentsOf(store.read, [terminalId]);
      const told = found.filter(({ withheld, kind }) => !withheld && isKnownTo(kind, protocol));
      return Object.fromEntries(told.map(({ kind, desired }) => [kind, desired]));
    },

    newest: (terminalId, kind, from) => answerDocument(store.read, composers.get(kind), { terminalId, kind, from }),

    report: (q, terminal, report) => takeReport(platform, hooks, q, terminal, report),
  };
}

/** The terminal's word on a version: noted, and told to whoever waits for it. */
async function takeReport(
  { clock, events }: Platform,
  hooks: readonly AppliedHook[],
  q: Tx,
  terminal: rows.PlacedTerminal,
  { kind, version, state, reason, inForce }: Reported,
): Promise<void> {
  const known = await rows.findDocument(q, terminal.id, kind);
  if (!known || version > known.desired) throw refusal('no-such-version', 'this version was never made');
  if (isOldNews(known, version, state)) return;
  const t = q.t.terminalDocuments;
  await q
    .update(t)
    .set(
      state === 'applied'
        ? { applied: version, appliedAt: clock.now() }
        : {
            failed: version,
            reason: reason ?? 'unknown',
            outcome: state,
            ...(inForce !== undefined && { applied: inForce === 0 ? null : inForce }),
          },
    )
    .where(and(eq(t.terminalId, terminal.id), eq(t.kind, kind)));
  if (state === 'applied') {
    for (const hook of hooks) await hook(q, terminal.id, { kind, from: known.applied ?? 0, to: version });
  }
  await events.emit(q, {
    type: state === 'applied' ? 'document-applied' : 'document-failed',
    subject: terminal.id,
    facts: { kind, version, state, reason: reason ?? null },
    companyId: terminal.companyId,
  });
}

const isOldNews = (known: rows.DocumentRow, version: number, state: Reported['state']): boolean =>
  state === 'applied' ? known.applied === version : known.failed === version && (known.outcome ?? 'failed') === state;

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
