import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { base64url, dailyWindow, instantMs, sha256Hex } from './fields.ts';

const number = '(?:0|[1-9]\\d{0,5})';
const identifiers = '[0-9A-Za-z-]{1,20}(?:\\.[0-9A-Za-z-]{1,20}){0,3}';
/** A version as of Semantic Versioning 2.0.0, without build metadata: `1.4.0`, `1.4.0-rc.1`. */
export const semver = z
  .string()
  .max(40)
  .regex(new RegExp(`^${number}\\.${number}\\.${number}(?:-${identifiers})?$`));

/**
 * Below zero: `a` comes before `b`. Precedence as of Semantic Versioning 2.0.0, clause 11: a pre-release comes before its release, numeric
 * identifiers before others and by their value.
 */
export function compareVersions(a: string, b: string): number {
  const [aCore, aPre] = halves(a);
  const [bCore, bPre] = halves(b);
  const core = compareIdentifiers(aCore, bCore);
  if (core !== 0) return core;
  if (aPre === undefined || bPre === undefined) return Number(aPre === undefined) - Number(bPre === undefined);
  return compareIdentifiers(aPre, bPre);
}

function halves(version: string): [string, string?] {
  const dash = version.indexOf('-');
  return dash < 0 ? [version] : [version.slice(0, dash), version.slice(dash + 1)];
}

function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (one !== other) return compareIdentifier(one, other);
  }
  return left.length - right.length;
}

function compareIdentifier(a: string, b: string): number {
  const [isNumber, otherIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && otherIsNumber) return Number(a) - Number(b);
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : 1;
}

/** What a release was built for: `linux-x64`, as in Node's platform and processor, or an installer's own word for its controllers. */
export const agentModel = z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/);

const name = '[A-Za-z0-9_@][A-Za-z0-9_@.+-]{0,99}';
/** Below the release's folder, `/` between the names; none begins with a dot, so none leads out. */
export const releasePath = z
  .string()
  .max(300)
  .regex(new RegExp(`^${name}(?:/${name}){0,11}$`));

export const releaseFilesMax = 4_000;
/** All files of a release together, unpacked. */
export const releaseBytesMax = 256 * 1024 * 1024;
/** A release's archive. */
export const archiveBytesMax = 96 * 1024 * 1024;

const releaseFile = z.object({
  path: releasePath,
  bytes: z.int().nonnegative().max(releaseBytesMax),
  sha256: sha256Hex,
});
export type ReleaseFile = z.infer<typeof releaseFile>;

/**
 * What a release of the agent is. Its archive is the gzip (RFC 1952) of its files' bytes one after the other, in the order of `files`: the archive
 * itself names nothing.
 */
export const releaseManifest = z
  .object({
    v: z.literal(1),
    version: semver,
    model: agentModel,
    /** The agent that installs it has to speak at least this protocol version. */
    protocolFloor: z.int().positive(),
    /** The oldest release that may be followed by this one at once; null: any. */
    minFrom: semver.nullable(),
    createdAt: instantMs,
    files: z.array(releaseFile).min(1).max(releaseFilesMax),
    archive: z.object({ bytes: z.int().positive().max(archiveBytesMax), sha256: sha256Hex }),
  })
  .refine(({ files }) => new Set(files.map(({ path }) => path)).size === files.length, 'a path is there twice')
  .refine(({ files }) => files.reduce((sum, { bytes }) => sum + bytes, 0) <= releaseBytesMax, 'too many bytes');
export type ReleaseManifest = z.infer<typeof releaseManifest>;

/** The program that a release starts. */
export const releaseEntry = 'gatecast-agent.mjs';

/** What the offline update key signs for a release, and how it names its successor. */
export const releaseContext = 'gatecast-release-v1';
export const releasePreimage = (manifest: ReleaseManifest): string => canonicalJson(manifest);

const updateKeyId = z.string().regex(/^upd_[0-9a-f]{16}$/);
/** An Ed25519 public key of updates. `kid` is `upd_` and the first 16 hex digits of the SHA-256 of the raw key. */
export const updateKey = z.object({ kid: updateKeyId, publicKey: base64url.length(43) });
export type UpdateKey = z.infer<typeof updateKey>;

/** `update-keys.json` beside the install: whom this terminal takes releases from. */
export const updateKeyFile = z.object({ v: z.literal(1), keys: z.array(updateKey).min(1).max(4) });
export type UpdateKeyFile = z.infer<typeof updateKeyFile>;

/** The key `by` says that `key` speaks from now on, in its place. */
export const keySuccession = z.object({ key: updateKey, by: updateKeyId, signature: base64url });
export type KeySuccession = z.infer<typeof keySuccession>;
export const keySuccessionContext = 'gatecast-update-key-v1';
export const keySuccessionPreimage = ({ key, by }: Pick<KeySuccession, 'key' | 'by'>): string =>
  canonicalJson({ key, by });

/** A release as it travels: what it is, who says so, and how who says so came to speak, oldest first. */
export const signedRelease = z.object({
  manifest: releaseManifest,
  signature: z.object({ kid: updateKeyId, value: base64url }),
  successions: z.array(keySuccession).max(8).default([]),
});
export type SignedRelease = z.infer<typeof signedRelease>;

const openWindow = dailyWindow.refine(({ fromMinute, toMinute }) => fromMinute !== toMinute, 'an empty window');

/**
 * When and how fast a terminal may come to a release, in local time: it fetches it in one window and restarts for it in another. Null: any time, as fast as
 * it comes.
 */
export const downloadTerms = z.object({
  window: openWindow.nullable(),
  bytesPerSecondMax: z.int().min(1_024).nullable(),
  restartWindow: openWindow.nullable().default(null),
});
export type DownloadTerms = z.infer<typeof downloadTerms>;

/**
 * Body of the `software` document: the release that should run. The document says nothing that the door authority signs; what counts is the
 * offline update key's signature. The archive comes from `GET /v1/terminals/:id/releases/:sha256`, with `Range`.
 */
export const softwareDocument = z.object({
  release: signedRelease,
  download: downloadTerms,
  /** The version of this document with which the same release failed and is to be tried again; 0: none. */
  again: z.int().nonnegative().default(0),
});
export type SoftwareDocument = z.infer<typeof softwareDocument>;

/** Why a terminal did not take a release, or went back from it. Stable. */
export const updateFault = z.enum([
  /** Started without the launcher, or from its sources: there is nothing to switch. */
  'updates-unsupported',
  'no-update-keys',
  'unknown-update-key',
  'wrong-signature',
  'wrong-model',
  'protocol-too-new',
  'older-release',
  /** The same version as the one in force, with other content. */
  'other-release-of-this-version',
  'step-missing',
  'no-agent-inside',
  'not-enough-space',
  /** The archive is not what the manifest says. */
  'archive-too-long',
  'archive-damaged',
  'files-differ',
  'slot-damaged',
  /** On trial: it ended by itself too often, or did not come to health in time. */
  'crashed',
  'trial-timeout',
  'door-silent',
  'screen-not-served',
  'uplink-lost',
]);
export type UpdateFault = z.infer<typeof updateFault>;
