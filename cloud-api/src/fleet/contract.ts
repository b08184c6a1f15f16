import { healthIssue } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, pageQuery, placement } from '../platform/contract.ts';

const count = z.int().nonnegative();

/** Each terminal in service is in exactly one of the first three. */
export const fleetCounts = z.object({
  online: count,
  offline: count,
  unclaimed: count,
  /** Online, and the lock does not answer. */
  doorFault: count,
  /** In service, and something is wrong with it. */
  withIssues: count,
  revoked: count,
});
export type FleetCounts = z.infer<typeof fleetCounts>;

/** `GET /v1/fleet/summary` */
export const fleetSummary = z.object({
  /** When it was counted; seconds ago at most. */
  at: atMs,
  counts: fleetCounts,
  /** Of the terminals in service that ever said one, the most frequent first. */
  versions: z.array(z.object({ version: z.string(), terminals: count })).readonly(),
  issues: z.array(z.object({ issue: healthIssue, terminals: count })).readonly(),
  /** By name. */
  companies: z.array(z.object({ id, name: z.string(), communities: count, counts: fleetCounts })).readonly(),
});
export type FleetSummary = z.infer<typeof fleetSummary>;

/** `GET /v1/fleet/communities`, by name. */
export const fleetCommunity = z.object({
  id,
  name: z.string(),
  companyId: id,
  companyName: z.string(),
  counts: fleetCounts,
});
export type FleetCommunity = z.infer<typeof fleetCommunity>;
export const fleetCommunityQuery = pageQuery.extend({
  companyId: id.optional(),
  /** Part of the name. */
  search: z.string().max(60).optional(),
});

export const fleetState = z.enum(['online', 'offline', 'unclaimed', 'door-fault', 'issue', 'revoked']);
export type FleetState = z.infer<typeof fleetState>;

/** `GET /v1/fleet/terminals`: as much of a terminal as a long list shows. */
export const fleetTerminal = z.object({
  id,
  /** The short number in its QR links. */
  no: z.int(),
  name: z.string(),
  companyId: id,
  communityId: id,
  communityName: z.string(),
  entranceId: id,
  entranceName: z.string(),
  placement,
  status: z.enum(['unclaimed', 'active', 'revoked']),
  online: z.boolean(),
  doorOnline: z.boolean(),
  lastSeenAt: atMs.nullable(),
  agentVersion: z.string().nullable(),
  /** Worst first. */
  issues: z.array(healthIssue).readonly(),
  /** Documents whose newest version the terminal refused. */
  refusedDocuments: z.array(z.string()).readonly(),
});
export type FleetTerminal = z.infer<typeof fleetTerminal>;
export const fleetTerminalQuery = pageQuery.extend({
  companyId: id.optional(),
  communityId: id.optional(),
  /** Without it: all that are not revoked. */
  state: fleetState.optional(),
  issue: healthIssue.optional(),
  version: z.string().max(40).optional(),
  /** Part of the terminal's, entrance's or community's name; the short number; or the id. */
  search: z.string().max(60).optional(),
});
