import { agentModel, archiveBytesMax, downloadTerms, semver } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';

/** A release file is its signed manifest in one line, at most this long, and then the archive. */
export const uploadBytesMax = archiveBytesMax + 2 * 1024 * 1024;

/** What the operator says beside the file. */
export const uploadQuery = z
  .object({
    notes: z.string().trim().max(2_000).default(''),
    /** Local minutes of the day, of the community that a terminal stands in; both or none. */
    fromMinute: z.coerce.number().int().min(0).max(1_439).optional(),
    toMinute: z.coerce.number().int().min(0).max(1_439).optional(),
    bytesPerSecondMax: z.coerce.number().int().min(1_024).optional(),
  })
  .refine(({ fromMinute, toMinute }) => (fromMinute === undefined) === (toMinute === undefined), 'both or none')
  .refine(({ fromMinute, toMinute }) => fromMinute === undefined || fromMinute !== toMinute, 'an empty window');

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

export const assignment = z.object({ terminalIds: z.array(id).min(1).max(200) });

/** The version of the `software` document that each terminal was given. */
export const assigned = z.object({ items: z.array(z.object({ terminalId: id, version: z.int() })) });

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
