import { agentModel, archiveBytesMax, downloadTerms, semver } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';

/** A release file is its signed manifest in one line, at most this long, and then the archive. */
export const uploadBytesMax = archiveBytesMax + 2 * 1024 * 1024;

const minute = z.coerce.number().int().min(0).max(1_439).optional();

/** What the operator says beside the file. Windows are local minutes of the day, of the community that a terminal stands in; both ends or none. */
export const uploadQuery = z
  .object({
    notes: z.string().trim().max(2_000).default(''),
    /** When a terminal may fetch it. */
    fromMinute: minute,
    toMinute: minute,
    bytesPerSecondMax: z.coerce.number().int().min(1_024).optional(),
    /** When a terminal may restart for it. */
    restartFromMinute: minute,
    restartToMinute: minute,
  })
  .refine(
    (query) => isWindow(query.fromMinute, query.toMinute) && isWindow(query.restartFromMinute, query.restartToMinute),
    'a window has two ends that differ',
  );

function isWindow(from: number | undefined, to: number | undefined): boolean {
  return (from === undefined) === (to === undefined) && (from === undefined || from !== to);
}

export const release = z.object({
  id,
  version: semver,
  model: agentModel,
  notes: z.string(),
  /** Lowest protocol version of an agent that can install it, and the oldest release from which it may be reached at once. */
  protocolFloor: z.int(),
  minFrom: semver.nullable(),
  /** The update key that signed it. */
  kid: z.string(),
  archive: z.object({ sha256: z.string(), bytes: z.int() }),
  files: z.int(),
  /** Bytes of all files, unpacked. */
  bytes: z.int(),
  download: downloadTerms,
  builtAt: atMs,
  createdAt: atMs,
  withdrawnAt: atMs.nullable(),
  /** Terminals that were last given this release, by how it went. */
  terminals: z.object({ pending: z.int(), applied: z.int(), failed: z.int() }),
});
export type Release = z.infer<typeof release>;

/** `PUT /v1/releases/:id/download`: for the terminals that are given it from then on. */
export const releaseTerms = downloadTerms;

/** Terminals that one assignment reaches at most; a roll-out reaches more, and halts by itself. */
export const assignedMax = 1_000;

/** The terminals that are meant: these, and all of these communities. */
export const assignment = z
  .object({ terminalIds: z.array(id).max(200).default([]), communityIds: z.array(id).max(50).default([]) })
  .refine(({ terminalIds, communityIds }) => terminalIds.length + communityIds.length > 0, 'nobody is named');

/** Why a release is not for a terminal, by what that one has said of itself. The words are those of a terminal that refuses it. */
export const misfit = z.enum([
  'unclaimed',
  'terminal-revoked',
  'wrong-model',
  'protocol-too-new',
  'older-release',
  'step-missing',
]);
export type Misfit = z.infer<typeof misfit>;

const notFor = z.object({
  terminalId: id,
  name: z.string(),
  communityName: z.string(),
  entranceName: z.string(),
  reason: misfit,
  /** What it said that it is and runs; null before it said. */
  model: z.string().nullable(),
  agentVersion: z.string().nullable(),
});

/** Who would be given it. */
export const assignmentPreview = z.object({
  /** Terminals that it is for, as far as anybody knows. */
  total: z.int(),
  /** Those of them that have not said what they are: they will say whether they take it. */
  unsaid: z.int(),
  notFor: z.array(notFor),
});
export type AssignmentPreview = z.infer<typeof assignmentPreview>;

/** The version of the `software` document that each terminal was given, and who was given none. */
export const assigned = z.object({
  items: z.array(z.object({ terminalId: id, version: z.int() })),
  notFor: z.array(notFor),
});
export type Assigned = z.infer<typeof assigned>;

export const releaseTerminal = z.object({
  terminalId: id,
  name: z.string(),
  communityId: id,
  communityName: z.string(),
  entranceName: z.string(),
  assignedAt: atMs,
  /** `pending`: neither in force nor given up. */
  state: z.enum(['pending', 'applied', 'failed']),
  /** Stable code of what went wrong. */
  reason: z.string().nullable(),
  /** What the terminal says that it runs; null before its first word. */
  agentVersion: z.string().nullable(),
});
export type ReleaseTerminal = z.infer<typeof releaseTerminal>;
