import { documentKinds, doorState, healthIssue, wireSecurity } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';

/** What is told on the spot, to the local page and to `doctor`: nothing of it names a person. */
export const onSiteStatus = z.object({
  agentVersion: z.string(),
  /** Null: not claimed yet. */
  terminal: z.string().nullable(),
  uptimeMs: z.number(),
  online: z.boolean(),
  lastAckAt: z.number().nullable(),
  clock: z.object({ quality: z.string(), offsetMs: z.number().nullable() }),
  screenConnected: z.boolean(),
  documents: z.array(z.object({ kind: documentKinds, version: z.number() })),
  doors: z.array(
    z.object({
      entrance: z.string(),
      driver: z.string(),
      online: z.boolean(),
      exchanges: z.number(),
      failed: z.number(),
      state: doorState.nullable(),
      readers: z.array(z.object({ address: z.number(), wire: wireSecurity })),
    }),
  ),
  waitingRows: z.number(),
  lostRows: z.number(),
  disk: z.object({ totalBytes: z.number().nullable(), freeBytes: z.number().nullable(), writable: z.boolean() }),
  issues: z.array(healthIssue),
  /** The newest warnings and errors of the log. */
  faults: z.array(z.object({ at: z.number(), code: z.string().nullable(), sentence: z.string() })),
});
export type OnSiteStatus = z.infer<typeof onSiteStatus>;
