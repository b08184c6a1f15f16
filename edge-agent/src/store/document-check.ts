import { InvariantError } from '@gatecast/firmware-protocol';
import {
  accessList,
  bodyOfDelta,
  canonicalJson,
  documentContext,
  documentDelta,
  documentEnvelope,
  documentPreimage,
  mediaManifest,
  noticeBoard,
  plan,
  signedKinds,
  softwareDocument,
  terminalConfig,
  type DocumentDelta,
  type DocumentEnvelope,
  type DocumentKind,
  type MediaManifest,
  type NoticeBoard,
  type Plan,
  type SoftwareDocument,
  type TerminalConfig,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, sha256Hex, verifyText } from '@gatecast/firmware-protocol/node';
import type { z } from 'zod';
import { packList, type PackedList } from '../door/list-index.ts';

/** What a document says, ready for use; the access list as flat memory. */
export type DocumentValue =
  | { readonly kind: 'config'; readonly body: TerminalConfig }
  | { readonly kind: 'access'; readonly body: PackedList }
  | { readonly kind: 'plan'; readonly body: Plan }
  | { readonly kind: 'media'; readonly body: MediaManifest }
  | { readonly kind: 'notices'; readonly body: NoticeBoard }
  | { readonly kind: 'software'; readonly body: SoftwareDocument };

export interface CheckJob {
  /** The response body as it came. */
  readonly bytes: ArrayBuffer;
  readonly kind: DocumentKind;
  readonly terminal: string;
  /** The version in force, 0 for none. */
  readonly inForce: number;
  /** What is in force, for an answer that only tells what is different from it. */
  readonly base?: DocumentBase | undefined;
  /** An unsigned one is refused also where its kind may be unsigned. */
  readonly signedOnly?: boolean;
  readonly doorAuthority: { readonly kid: string; readonly publicKey: string };
}

export interface DocumentBase {
  readonly version: number;
  readonly hash: string;
  /** The body's canonical JSON in UTF-8. */
  readonly text: ArrayBuffer;
}

type DocumentFault =
  | 'malformed'
  /** A delta from something that is not in force here. */
  | 'wrong-base'
  | 'wrong-terminal'
  | 'wrong-kind'
  | 'stale-version'
  | 'wrong-hash'
  | 'unsigned'
  | 'wrong-signature'
  | 'invalid-body';

export type CheckResult =
  | {
      readonly ok: true;
      readonly version: number;
      readonly hash: string;
      /** The body's canonical JSON in UTF-8: bytes move between threads without a copy. */
      readonly text: ArrayBuffer;
      readonly value: DocumentValue;
    }
  | {
      readonly ok: false;
      readonly fault: DocumentFault;
      /** A delta did not lead to the document that was signed: the whole document may. */
      readonly askWhole: boolean;
      /** Of an access list that is genuine but cannot be applied: whom it locks out. */
      readonly deny?: readonly string[];
    };

/** Everything that must hold before a document may be applied. Heavy for a long access list: runs in a worker thread. */
export function checkDocument(job: CheckJob): CheckResult {
  const answer = parseAnswer(job.bytes);
  if (!answer) return { ok: false, fault: 'malformed', askWhole: false };
  if (!('delta' in answer)) return checkEnvelope(answer, job);
  const body = bodyFrom(answer, job);
  if (!body) return { ok: false, fault: 'wrong-base', askWhole: true };
  const { delta: _, ...envelope } = answer;
  const checked = checkEnvelope({ ...envelope, body }, job);
  // A signed body that has not the form of a list is the same one however it comes.
  return checked.ok || checked.fault === 'invalid-body' ? checked : { ...checked, askWhole: true };
}

function checkEnvelope(envelope: DocumentEnvelope, job: CheckJob): CheckResult {
  const text = signedText(envelope);
  if (text === undefined) return { ok: false, fault: 'malformed', askWhole: false };
  const fault = faultOf(envelope, text, job);
  if (fault) return { ok: false, fault, askWhole: false };
  const value = readBody(job.kind, envelope.body);
  if (value) return { ok: true, version: envelope.version, hash: envelope.hash, text: utf8(text), value };
  const deny = job.kind === 'access' ? deniedIn(envelope.body) : undefined;
  return { ok: false, fault: 'invalid-body', askWhole: false, ...(deny && { deny }) };
}

/** The body that a delta leads to from what is in force. */
function bodyFrom({ delta }: DocumentDelta, { base }: CheckJob): object | undefined {
  if (delta.from !== base?.version || delta.fromHash !== base.hash) return undefined;
  return bodyOfDelta(parseJson(base.text), delta);
}

const utf8 = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;

/**
 * The body's canonical JSON. It is sent in that form, and then JSON.stringify makes it again in a tenth of the time; the hash says whether it is.
 * Undefined for a body without a canonical form: fractions, or nesting too deep to walk.
 */
function signedText({ body, hash }: DocumentEnvelope): string | undefined {
  try {
    const text = JSON.stringify(body ?? null);
    return sha256Hex(text) === hash ? text : canonicalJson(body);
  } catch (error) {
    if (error instanceof InvariantError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const denyOnly = accessList.pick({ deny: true });

/** Whom a list locks out that cannot be read otherwise. */
export const deniedIn = (body: unknown): readonly string[] | undefined => denyOnly.safeParse(body).data?.deny;

function parseAnswer(bytes: ArrayBuffer): DocumentEnvelope | DocumentDelta | undefined {
  const value = parseJson(bytes);
  return documentDelta.safeParse(value).data ?? documentEnvelope.safeParse(value).data;
}

/** Undefined for what is no JSON in UTF-8. */
function parseJson(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function faultOf(envelope: DocumentEnvelope, text: string, job: CheckJob): DocumentFault | undefined {
  if (envelope.terminal !== job.terminal) return 'wrong-terminal';
  if (envelope.kind !== job.kind) return 'wrong-kind';
  if (envelope.version <= job.inForce) return 'stale-version';
  if (sha256Hex(text) !== envelope.hash) return 'wrong-hash';
  if (!envelope.signature) return signedKinds.has(envelope.kind) || job.signedOnly ? 'unsigned' : undefined;
  if (envelope.signature.kid !== job.doorAuthority.kid) return 'wrong-signature';
  const key = publicKeyOf('ed25519', job.doorAuthority.publicKey);
  const genuine = verifyText(key, documentContext, documentPreimage(envelope), envelope.signature.value);
  return genuine ? undefined : 'wrong-signature';
}

/** The body's value, or undefined if it has not the form of its kind. */
export function readBody(kind: DocumentKind, body: unknown): DocumentValue | undefined {
  switch (kind) {
    case 'config':
      return withBody(kind, terminalConfig.safeParse(body));
    case 'plan':
      return withBody(kind, plan.safeParse(body));
    case 'media':
      return withBody(kind, mediaManifest.safeParse(body));
    case 'notices':
      return withBody(kind, noticeBoard.safeParse(body));
    case 'software':
      return withBody(kind, softwareDocument.safeParse(body));
    case 'access': {
      const list = accessList.safeParse(body);
      return list.success ? { kind, body: packList(list.data) } : undefined;
    }
  }
}

function withBody<K extends DocumentKind, T>(kind: K, parsed: z.ZodSafeParseResult<T>) {
  return parsed.success ? { kind, body: parsed.data } : undefined;
}
