import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, desc, eq, exists, gt, inArray, not, or, sql, type SQL } from 'drizzle-orm';
import { keptBy } from '../platform/auth.ts';
import type { Manager } from '../communities/service.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { WallScreen, WallShow } from '../screen-wall/contract.ts';
import { mutedUntil } from './show.ts';
import * as rows from './store.ts';

interface WallQuery {
  readonly communityId?: string | undefined;
  readonly show: WallShow;
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** A screen of the wall, before anybody has said what its clip is called and looks like. */
export type BareScreen = Omit<WallScreen, 'clipTitle' | 'clipPosterUrl'>;
export type Wall = (who: Manager, query: WallQuery) => Promise<Page<BareScreen>>;

/** The screens of terminals in service, by id, three queries a page however many there are. */
export const createWall =
  ({ store, clock }: Platform): Wall =>
  async (who, { communityId, show, q: text, cursor, limit = pageSizeDefault }) => {
    const { read } = store;
    const now = clock.now();
    const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
    const condition = and(eq(read.t.terminals.status, 'active'), showing(read, show, now), named(read, text));
    const filter = { companyId: keptBy(who).companyId, communityId, condition };
    const page = pageOf(
      await rows.listTerminals(read, filter, start, limit + 1),
      limit,
      ({ id }) => [id],
      (row) => row,
    );
    const ids = page.items.map(({ id }) => id);
    const presences = new Map((await rows.presencesOf(read, ids)).map((row) => [row.terminalId, row]));
    const pictures = await newestPictures(read, ids, now);
    return { ...page, items: page.items.map((row) => screenOf(row, presences.get(row.id), pictures, now)) };
  };

function screenOf(
  row: rows.PlacedTerminal,
  presence: rows.PresenceRow | undefined,
  pictures: ReadonlyMap<string, NonNullable<BareScreen['picture']>>,
  now: InstantMs,
): BareScreen {
  const { id: terminalId, name, communityId, communityName, zone, entranceName, placement } = row;
  const place = { terminalId, name, communityId, communityName, zone, entranceName, placement };
  return {
    ...place,
    online: presence?.online ?? false,
    lastSeenAt: presence?.lastSeenAt ?? null,
    screen: presence?.screen ?? null,
    mutedUntil: mutedUntil(row, now),
    picture: pictures.get(terminalId) ?? null,
  };
}

function showing(q: Reads, show: WallShow, now: InstantMs): SQL | undefined {
  const { terminals, terminalPresence: t } = q.t;
  const online = eq(t.online, true);
  const isThere = (more?: SQL) =>
    exists(
      q
        .select({ id: t.terminalId })
        .from(t)
        .where(and(eq(t.terminalId, terminals.id), online, more)),
    );
  switch (show) {
    case 'all':
      return undefined;
    case 'offline':
      return not(isThere());
    case 'muted':
      return gt(terminals.mutedUntil, now);
    case 'playing':
      return isThere(stateIs(q, 'playing'));
    case 'dark':
      return isThere(or(stateIs(q, 'dark'), stateIs(q, 'absent')));
  }
}

/** Both engines write the value of this one field of a small object as a quoted word, and no other field can hold these words. */
const stateIs = (q: Reads, state: 'playing' | 'dark' | 'absent'): SQL =>
  sql`cast(${q.t.terminalPresence.screen} as text) like ${`%"${state}"%`}`;

function named(q: Reads, text: string | undefined): SQL | undefined {
  if (!text) return undefined;
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
  const { terminals, entrances, communities } = q.t;
  return or(
    ...[terminals.name, entrances.name, communities.name].map(
      (column) => sql`lower(${column}) like ${pattern} escape '\\'`,
    ),
  );
}

async function newestPictures(
  q: Reads,
  terminalIds: readonly string[],
  now: InstantMs,
): Promise<ReadonlyMap<string, NonNullable<BareScreen['picture']>>> {
  if (terminalIds.length === 0) return new Map();
  const t = q.t.commandFiles;
  const found = await q
    .select({ terminalId: t.terminalId, commandId: t.commandId, at: t.at })
    .from(t)
    .where(and(inArray(t.terminalId, [...terminalIds]), eq(t.kind, 'capture-screenshot'), gt(t.keptUntil, now)))
    .orderBy(desc(t.at));
  const newest = new Map<string, NonNullable<BareScreen['picture']>>();
  for (const { terminalId, commandId, at } of found)
    if (!newest.has(terminalId)) newest.set(terminalId, { commandId, at });
  return newest;
}
