import { asc, desc, eq } from 'drizzle-orm';
import type { Reads, Tx } from '../../platform/db/store.ts';
import { notFound } from '../../platform/errors.ts';

export type ChannelRow = Reads['t']['alarmChannels']['$inferSelect'];
type Changes = { readonly [K in keyof ChannelRow]?: ChannelRow[K] | undefined };

/** Newest first. */
export async function allChannels(q: Reads): Promise<ChannelRow[]> {
  const t = q.t.alarmChannels;
  return q.select().from(t).orderBy(desc(t.createdAt), asc(t.id));
}

/** Rejects with `not-found`. */
export async function findChannel(q: Reads, id: string): Promise<ChannelRow> {
  const t = q.t.alarmChannels;
  const [row] = await q.select().from(t).where(eq(t.id, id));
  if (!row) throw notFound('channel');
  return row;
}

export async function changeChannel(q: Tx, id: string, set: Changes): Promise<void> {
  await q.update(q.t.alarmChannels).set(set).where(eq(q.t.alarmChannels.id, id));
}
