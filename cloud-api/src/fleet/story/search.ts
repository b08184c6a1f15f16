import { isId } from '@gatecast/firmware-protocol';
import { parseShortLink } from '@gatecast/firmware-protocol/messages';
import { keptBy } from '../../platform/auth.ts';
import type { Reads } from '../../platform/db/store.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Terminals } from '../../terminals/service.ts';
import type { CountedCommunity, CountedFleet } from '../fleet-counts.ts';
import { listFleet, namedLike } from '../list-store.ts';
import type { FleetReader } from '../service.ts';
import type { StorySubject } from './contract.ts';
import { orderById, playById, touchesById, unitsLike, visitById } from './story-store.ts';

const foundMax = 20;
/** Communities in which a flat is looked for when no building is named. */
const communitiesMax = 50;

/** Communities looked into by one statement: few enough that each is looked up, instead of all flats being read. */
const communitiesAtOnce = 250;

export interface Search {
  /** What a text can stand for, of what the caller may see. */
  find(who: FleetReader, text: string): Promise<readonly StorySubject[]>;
}

export function createSearch(
  { store }: Platform,
  terminals: Terminals,
  fleetOf: (who: FleetReader) => Promise<CountedFleet>,
): Search {
  return {
    async find(who, text) {
      const q = store.read;
      const byId = await exactly(q, who, text);
      if (byId) return byId;
      const fleet = await fleetOf(who);
      const token = /(?:^|\/)q\/([\w-]+)/.exec(text)?.[1];
      const no = token === undefined ? undefined : parseShortLink(token)?.link.terminalNo;
      const linked = no === undefined ? undefined : await terminals.byNo(q, no);
      if (token !== undefined) return linked ? terminalsFound(q, who, [linked.id]) : [];
      const named = await terminalsFound(q, who, await namedLike(q, text));
      return [...(await unitsFound(q, fleet, text)), ...named].slice(0, foundMax);
    },
  };
}

/** What an id names, by where it happened; undefined for a text that is none. */
async function exactly(q: Reads, who: FleetReader, text: string): Promise<StorySubject[] | undefined> {
  if (isId('terminal', text)) return terminalsFound(q, who, [text]);
  const kind = kindOfId(text);
  if (kind === undefined) return undefined;
  if (who.role !== 'operator') return [];
  if (kind === 'order') return ordersFound(q, text);
  const at = await placeOf(q, kind, text);
  const found = at ? await terminalsFound(q, who, [at.terminalId]) : [];
  return found.map((there) => ({ ...there, kind, id: text }));
}

type PlacedKind = 'touch' | 'visit' | 'play';

function kindOfId(text: string): PlacedKind | 'order' | undefined {
  if (isId('touch', text)) return 'touch';
  if (isId('order', text)) return 'order';
  if (isId('visit', text)) return 'visit';
  return /^term_[0-9a-z]{20}:\d{1,9}:\d{1,15}$/.test(text) ? 'play' : undefined;
}

async function placeOf(q: Reads, kind: PlacedKind, id: string): Promise<{ readonly terminalId: string } | undefined> {
  switch (kind) {
    case 'touch':
      return (await touchesById(q, [id]))[0];
    case 'visit':
      return visitById(q, id);
    case 'play':
      return playById(q, id);
  }
}

async function ordersFound(q: Reads, id: string): Promise<StorySubject[]> {
  const order = await orderById(q, id);
  return order ? [{ kind: 'order', id, title: order.dealTitle, place: order.storeName }] : [];
}

async function terminalsFound(q: Reads, who: FleetReader, ids: readonly string[]): Promise<StorySubject[]> {
  if (ids.length === 0) return [];
  const { companyId } = keptBy(who);
  const found = await listFleet(q, { companyId, anyStatus: true }, { terminalIds: ids }, '', foundMax);
  return found.map(({ id, name, entranceName, communityName }) => ({
    kind: 'terminal',
    id,
    title: `${entranceName} · ${name}`,
    place: communityName,
  }));
}

/** `1203`, `3-1203`, or either after part of the community's name. */
async function unitsFound(q: Reads, fleet: CountedFleet, text: string): Promise<StorySubject[]> {
  const typed = /^(?:(.*\S)\s+)?(?:([^\s-]{1,20})-)?(\d{1,8})$/.exec(text.trim());
  if (!typed) return [];
  const [, where, building, number = ''] = typed;
  const places = placesCalled(fleet, where);
  const searched = building === undefined ? places.slice(0, communitiesMax) : places;
  const names = new Map(searched.map(({ id, name }) => [id, name]));
  const units = [];
  for (let from = 0; from < searched.length && units.length < foundMax; from += communitiesAtOnce) {
    const batch = searched.slice(from, from + communitiesAtOnce).map(({ id }) => id);
    units.push(...(await unitsLike(q, batch, { building, number }, foundMax - units.length)));
  }
  return units.map((unit) => ({
    kind: 'unit',
    id: unit.id,
    title: `${unit.building}-${unit.number}`,
    place: names.get(unit.communityId) ?? '',
  }));
}

function placesCalled({ communities }: CountedFleet, name: string | undefined): readonly CountedCommunity[] {
  if (name === undefined) return communities;
  return communities.filter((one) => one.name.toLowerCase().includes(name.toLowerCase()));
}
