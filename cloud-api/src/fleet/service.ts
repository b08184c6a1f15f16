import { healthIssue } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';
import { searchedText } from '../communities/place-key.ts';
import type { Communities } from '../communities/service.ts';
import { keptBy, type As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import type {
  FleetCommunity,
  fleetCommunityQuery,
  FleetSummary,
  FleetTerminal,
  fleetTerminalQuery,
} from './contract.ts';
import { communitiesWith, createFleetCounter, summaryOf, type CountedFleet } from './fleet-counts.ts';
import { createChannelNews } from './alarms/channel-news.ts';
import { createChannels, type Channels } from './alarms/channels.ts';
import { createAlarmDesk, type AlarmDesk } from './alarms/desk.ts';
import { createSilences, type Silences } from './alarms/silences.ts';
import { createWatch, type Watch } from './alarms/watch.ts';
import { createHealthBook, type HealthBook } from './health/health-book.ts';
import { issuesOf } from './health/store.ts';
import { createSearch, type Search } from './story/search.ts';
import { createVitals, type VitalsBook } from './vitals/vitals.ts';
import {
  idsIn,
  listFleet,
  namedLike,
  namedMax,
  refusedDocuments,
  type FleetFilter,
  type FleetRow,
} from './list-store.ts';

/** Communities that a search by name goes on with. */
const placesMax = 500;

export type FleetReader = As<'operator' | 'property'>;

/** The fleet as those who run it see it. */
export interface FleetDesk {
  readonly health: HealthBook;
  readonly alarms: AlarmDesk;
  readonly silences: Silences;
  readonly channels: Channels;
  readonly watch: Watch;
  readonly search: Search;
  readonly vitals: VitalsBook;
  summary(who: FleetReader): Promise<FleetSummary>;
  communities(who: FleetReader, query: z.output<typeof fleetCommunityQuery>): Promise<Page<FleetCommunity>>;
  terminals(who: FleetReader, query: z.output<typeof fleetTerminalQuery>): Promise<Page<FleetTerminal>>;
}

export function createFleetDesk(platform: Platform, communities: Communities, terminals: Terminals): FleetDesk {
  const { store } = platform;
  const counter = createFleetCounter(platform, communities);
  const own = async (who: FleetReader) => {
    const { companyId } = keptBy(who);
    const fleet = await counter.now();
    if (companyId === undefined) return fleet;
    return { ...fleet, communities: fleet.communities.filter((one) => one.companyId === companyId) };
  };

  const news = createChannelNews(platform);
  const watch = createWatch(platform, news);
  terminals.onDigitsDiffer((q, { communityId, model }) =>
    watch.raise(q, { kind: 'terminal-digits-differ', terminalId: null, communityId, facts: { model } }),
  );
  return {
    health: createHealthBook(platform, terminals),
    alarms: createAlarmDesk(platform),
    silences: createSilences(platform, communities, terminals),
    channels: createChannels(platform, news),
    watch,
    search: createSearch(platform, terminals, own),
    vitals: createVitals(platform),
    summary: async (who) => summaryOf(await own(who)),
    async communities(who, { companyId, search, cursor, limit = pageSizeDefault }) {
      const start = cursor === undefined ? 0 : decodeCursor<[number]>(cursor, ['number'])[0];
      const text = searchedText(search ?? '');
      const fitting = (await own(who)).communities.filter(
        (one) =>
          (companyId === undefined || one.companyId === companyId) &&
          (text === '' || one.name.toLowerCase().includes(text)),
      );
      const page = fitting.slice(start, start + limit + 1);
      const { items, nextCursor } = pageOf(
        page,
        limit,
        () => [start + limit],
        (row) => row,
      );
      return { items, nextCursor };
    },
    async terminals(who, { cursor, limit = pageSizeDefault, search, ...filter }) {
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const companyId = keptBy(who).companyId ?? filter.companyId;
      if (filter.companyId !== undefined && filter.companyId !== companyId) return { items: [], nextCursor: null };
      const fleet = await counter.now();
      const asked = { ...filter, companyId };
      const named = search === undefined ? {} : await searched(store.read, fleet, search);
      const narrowed = { communityIds: communitiesWith(fleet, asked), terminalIds: named.terminalIds };
      const found = await listFleet(store.read, { ...asked, named: named.named }, narrowed, start, limit + 1);
      const page = pageOf(
        found,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
      return { ...page, items: await described(platform, page.items) };
    },
  };
}

interface Searched {
  readonly terminalIds?: readonly string[];
  readonly named?: FleetFilter['named'];
}

/** A search finds communities by name too, and then means all that stands there. Few are looked up one by one; for many the list is read through. */
async function searched(q: Reads, { communities }: CountedFleet, search: string): Promise<Searched> {
  const text = searchedText(search);
  if (text === '') return { terminalIds: [] };
  const places = communities.filter(({ name }) => name.toLowerCase().includes(text)).slice(0, placesMax);
  const communityIds = places.map(({ id }) => id);
  const terminalIds = [...new Set([...(await namedLike(q, search)), ...(await idsIn(q, communityIds))])];
  return terminalIds.length > namedMax ? { named: { text, communityIds } } : { terminalIds };
}

async function described({ store }: Platform, found: readonly FleetRow[]): Promise<FleetTerminal[]> {
  const ids = found.map(({ id }) => id);
  const issues = Map.groupBy(await issuesOf(store.read, ids), ({ terminalId }) => terminalId);
  const refused = Map.groupBy(await refusedDocuments(store.read, ids), ({ terminalId }) => terminalId);
  return found.map((row) => {
    const own = new Set((issues.get(row.id) ?? []).map(({ issue }) => issue));
    return {
      ...row,
      online: row.online ?? false,
      doorOnline: row.doorOnline ?? false,
      issues: healthIssue.options.filter((issue) => own.has(issue)),
      refusedDocuments: (refused.get(row.id) ?? []).map(({ kind }) => kind),
    };
  });
}
