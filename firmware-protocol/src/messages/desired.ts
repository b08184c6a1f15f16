import { z } from 'zod';
import { base64url, instantMs, sha256Hex, terminalId } from './fields.ts';

/** The versioned documents that a terminal pulls. `config` and `access` grant entry and are signed by the door authority. */
export const documentKinds = z.enum(['config', 'access', 'plan', 'media', 'notices', 'software']);
export type DocumentKind = z.infer<typeof documentKinds>;

export const signedKinds: ReadonlySet<DocumentKind> = new Set(['config', 'access']);

/** Signed too since protocol 5. A terminal holds each signature to be genuine, and takes an unsigned manifest only before the first `signedOnly` one. */
export const alsoSignedKinds: ReadonlySet<DocumentKind> = new Set(['media']);

/** The protocol version since which terminals know a kind. One of an older terminal is never told of it: it would refuse the whole answer. */
const knownSince: Readonly<Partial<Record<DocumentKind, number>>> = { notices: 4, software: 4 };
export const isKnownTo = (kind: DocumentKind, protocol: number): boolean => (knownSince[kind] ?? 1) <= protocol;

/** What a terminal speaks that does not say. */
export const protocolUnsaid = 3;

/** `GET /v1/terminals/:id/desired?protocol=`: a terminal says which protocol version it speaks, since version 4. */
export const desiredQuery = z.object({
  protocol: z.coerce.number().int().positive().max(1_000).default(protocolUnsaid),
});

/** `GET /v1/terminals/:id/desired`: the newest version of each document that the terminal knows. */
export const desiredVersions = z.partialRecord(documentKinds, z.int().positive());
export type DesiredVersions = z.infer<typeof desiredVersions>;

export const signature = z.object({ kid: z.string().max(64), value: base64url });

/**
 * `GET /v1/terminals/:id/documents/:kind`: one document.
 * `hash` is SHA-256 over the canonical JSON of `body` as sent; the signature covers `documentPreimage`. Versions only rise.
 */
export const documentEnvelope = z.object({
  v: z.literal(1),
  kind: documentKinds,
  terminal: terminalId,
  version: z.int().positive(),
  hash: sha256Hex,
  body: z.unknown(),
  signature: signature.optional(),
});
export type DocumentEnvelope = z.infer<typeof documentEnvelope>;

/**
 * `GET /v1/terminals/:id/documents/access?from=:version`: the same version for who has `from` in force, told as what is different. `hash` and `signature`
 * are those of the whole document: the terminal puts the body together and takes it only if its canonical JSON has that hash. The cloud may
 * always answer with the whole envelope instead.
 */
export const documentDelta = documentEnvelope.omit({ body: true }).extend({
  delta: z.object({
    from: z.int().positive(),
    fromHash: sha256Hex,
    /** Every field of the body but `credentials`. */
    head: z.record(z.string(), z.unknown()),
    /** Credentials that are new or changed, and ids of those that are gone. */
    set: z.array(z.unknown()).max(50_000),
    remove: z.array(z.string().max(40)).max(50_000),
  }),
});
export type DocumentDelta = z.infer<typeof documentDelta>;

/** What the door authority signs for a document. */
export const documentContext = 'gatecast-document-v1';
export function documentPreimage(d: Pick<DocumentEnvelope, 'kind' | 'terminal' | 'version' | 'hash'>): string {
  return `${d.kind}|${d.terminal}|${d.version}|${d.hash}`;
}

/** A clip has four files. */
export const stopClipsMax = 8;

/**
 * Files that no screen may play any more, said before the manifests that leave them out are made. It holds for every manifest that names them as approved at
 * `at` or before, so one that is replayed stops nothing that was approved again since.
 */
export const stopOrder = z.object({
  clips: z.array(sha256Hex).min(1).max(stopClipsMax),
  /** The cloud's time. */
  at: instantMs,
  /** The door authority's, over `stopPreimage`: one for all terminals of a company. */
  signature,
});
export type StopOrder = z.infer<typeof stopOrder>;

/** What the door authority signs for a stop order. */
export const stopContext = 'gatecast-stop-v1';
export const stopPreimage = ({ clips, at }: Pick<StopOrder, 'clips' | 'at'>): string => `${at}|${clips.join(',')}`;

/** Cloud → terminal on `…/down/hint`. Only a hint: a terminal that misses it asks every 30 s. */
export const hint = z.object({
  v: z.literal(1),
  kind: documentKinds,
  version: z.int().positive(),
  /** Nothing is out yet: these files stop at once. (Protocol 5; older terminals ask for the versions.) */
  stop: stopOrder.optional(),
});
export type Hint = z.infer<typeof hint>;

export const desiredPollEveryMs = 30_000;

/**
 * What became of a version on a terminal. `failed`: it was never in force, or ended the agent; `reverted`: it was, and its health check made the
 * terminal go back (protocol 4).
 */
export const documentOutcome = z.enum(['applied', 'failed', 'reverted']);
export type DocumentOutcome = z.infer<typeof documentOutcome>;

/** `PUT /v1/terminals/:id/reported`: what became of a version on the terminal. */
export const reported = z.object({
  kind: documentKinds,
  version: z.int().positive(),
  state: documentOutcome,
  /** Stable code of what went wrong. */
  reason: z.string().max(80).optional(),
  /** After a failure or a return: the version in force instead; 0 for none. */
  inForce: z.int().nonnegative().optional(),
});
export type Reported = z.infer<typeof reported>;
