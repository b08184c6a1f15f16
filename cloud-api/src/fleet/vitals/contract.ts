import { z } from 'zod';
import { atMs } from '../../platform/contract.ts';

const rate = z.number().nonnegative();

const brokerSample = z.object({
  connections: z.number(),
  messagesPerSecond: rate,
  bytesPerSecond: rate,
  refusalsPerSecond: rate,
});
const ingestSample = z.object({
  rowsPerSecond: rate,
  /** From the terminal's clock to its storing here, of the newest rows; null when none came or their clock is not sure. */
  lagMs: z.number().nullable(),
});
const vitalsSample = z.object({ at: atMs, broker: brokerSample.nullable(), ingest: ingestSample });
export type VitalsSample = z.infer<typeof vitalsSample>;

/** `GET /v1/fleet/vitals`: how the broker and the ingest of this process do, for the last half-hour at most. */
export const vitals = z.object({
  broker: z.object({
    /** Whether this process is connected to it. */
    connected: z.boolean(),
    /** `unset`: nobody said where its figures are; `unreachable`: they cannot be read now. */
    figures: z.enum(['known', 'unset', 'unreachable']),
    /** Connections, packets and subscriptions that it turned away since it started, the most frequent first. */
    refusals: z.array(z.object({ code: z.string(), count: z.number() })).readonly(),
  }),
  ingest: z.object({
    /** Rows that wait on the terminals, as they last said. */
    backlogRows: z.number(),
    /** Terminals with such rows. */
    backlogTerminals: z.number(),
    /** Stored since this process started, by stream. */
    rows: z.record(z.string(), z.number()),
  }),
  /** Which program tells this, `host:pid`: of several each keeps its own samples. */
  program: z.object({ name: z.string(), startedAt: atMs }),
  sampleMs: z.int(),
  /** Oldest first. */
  samples: z.array(vitalsSample).readonly(),
});
export type Vitals = z.infer<typeof vitals>;
