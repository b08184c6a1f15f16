import type { DocumentKind } from '@gatecast/firmware-protocol/messages';
import { and, eq, isNotNull, or, sql } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';

export interface InForce {
  readonly having: number;
  /** Of those: not connected. */
  readonly havingOffline: number;
  /** Terminals whose version in force is so old that its body is no longer kept. */
  readonly unknown: number;
}

/**
 * On how many terminals the version of a document that they said is in force has one of these pieces of JSON in it, as `JSON.stringify` writes it.
 * Reads all bodies of the kind, tens of megabytes for some thousand terminals: for a person who asks, not for a page that refreshes itself.
 */
export async function countInForce(q: Reads, kind: DocumentKind, named: readonly string[]): Promise<InForce> {
  if (named.length === 0) return { having: 0, havingOffline: 0, unknown: 0 };
  const { terminalDocuments: d, documentVersions: v, terminalPresence: p, terminals } = q.t;
  const inForce = and(eq(d.kind, kind), isNotNull(d.applied));
  const ofVersion = and(eq(v.terminalId, d.terminalId), eq(v.kind, d.kind), eq(v.version, d.applied));
  const names = or(...named.map((one) => sql`cast(${v.body} as text) like ${`%${one}%`}`));
  const having = await q
    .select({ online: p.online })
    .from(d)
    .innerJoin(v, ofVersion)
    .innerJoin(terminals, and(eq(terminals.id, d.terminalId), eq(terminals.status, 'active')))
    .leftJoin(p, eq(p.terminalId, d.terminalId))
    .where(and(inForce, names));
  const [lost] = await q
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(d)
    .leftJoin(v, ofVersion)
    .innerJoin(terminals, and(eq(terminals.id, d.terminalId), eq(terminals.status, 'active')))
    .where(and(inForce, sql`${v.version} is null`));
  return {
    having: having.length,
    havingOffline: having.filter(({ online }) => online !== true).length,
    unknown: lost?.n ?? 0,
  };
}
