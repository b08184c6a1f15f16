import { healthIssue, healthReport } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs } from '../../platform/contract.ts';

/** The worst of a step; null where the machine cannot say. */
const healthPoint = z.object({
  at: atMs,
  /** Least free disk, bytes. */
  diskFree: z.number().nullable(),
  /** Most memory of the agent, bytes. */
  rss: z.number(),
  /** Highest temperature, °C. */
  temp: z.number().nullable(),
  /** The clock less the cloud's, ms, whichever way was farther. */
  clockOff: z.number().nullable(),
  /** Most rows that waited for the cloud. */
  waiting: z.number(),
  /** Reconnects since the agent started. */
  reconnects: z.number(),
  /** Whether anything was wrong. */
  bad: z.boolean(),
});

/** `2d`: five-minute points; `90d`: hourly ones, the worst of six hours each. */
export const trendSpan = z.enum(['2d', '90d']);
export type TrendSpan = z.infer<typeof trendSpan>;

/** `GET /v1/terminals/:id/health`. A terminal that has not reported yet has no report and no trend. */
export const terminalHealth = z.object({
  report: healthReport.nullable(),
  receivedAt: atMs.nullable(),
  /** Worst first. */
  issues: z.array(z.object({ issue: healthIssue, since: atMs })).readonly(),
  trend: z.object({ span: trendSpan, stepMs: z.int(), points: z.array(healthPoint).readonly() }),
});
export type TerminalHealth = z.infer<typeof terminalHealth>;
