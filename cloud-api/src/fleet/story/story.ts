import { isId } from '@gatecast/firmware-protocol';
import type { AccessLog } from '../../access/log.ts';
import type { Communities } from '../../communities/service.ts';
import type { Orders } from '../../groupbuy/orders.ts';
import type { Reads } from '../../platform/db/store.ts';
import { notFound, refusal } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Terminals } from '../../terminals/service.ts';
import type { ClipNames } from '../../plays/clip-names.ts';
import type { FleetReader } from '../service.ts';
import type { Story, StoryItem, StoryKind, StorySubject } from './contract.ts';
import * as rows from './story-store.ts';

const { item } = rows;
/** Rows of one list, and of the story. */
const listMax = 100;
const itemsMax = 200;

export interface StoryParts {
  readonly communities: Communities;
  readonly terminals: Terminals;
  readonly log: AccessLog;
  readonly orders: Orders;
  readonly clipNames: ClipNames;
}

export interface Stories {
  /** Rejects with `not-found` for what is not there or not the caller's, `forbidden` for what is not for a property. */
  tell(who: FleetReader, kind: StoryKind, id: string): Promise<Story>;
}

/**
 * Everything that the lists know of one thing, as one line of time. Selling's side never shows a name: door and play are joined by a touch, which is
 * nobody. Names stand in the story of a flat alone, whose residents can read that somebody looked.
 */
export function createStories(platform: Platform, parts: StoryParts): Stories {
  const { store } = platform;
  return {
    async tell(who, kind, id) {
      const { subject, items } = await storyOf(platform, parts, who, kind, id);
      const placed = await withNames(store.read, parts.terminals, items);
      return {
        subject,
        items: placed.toSorted((a, b) => b.at - a.at).slice(0, itemsMax),
        isWhole: placed.length <= itemsMax,
      };
    },
  };
}

interface Told {
  readonly subject: StorySubject;
  readonly items: readonly StoryItem[];
}

async function storyOf(
  platform: Platform,
  parts: StoryParts,
  who: FleetReader,
  kind: StoryKind,
  id: string,
): Promise<Told> {
  const q = platform.store.read;
  if (kind === 'terminal') return terminalStory(q, parts, who, id);
  if (kind === 'unit') return unitStory(platform, parts, who, id);
  // What is sold at the screens is between the operator and the merchants.
  if (who.role !== 'operator') throw refusal('forbidden', 'a property sees its doors');
  switch (kind) {
    case 'touch': {
      const [touch] = await rows.touchesById(q, [id]);
      if (!touch) throw notFound('touch');
      return touchStory(q, parts, touch);
    }
    case 'play': {
      const play = await rows.playById(q, id);
      if (!play) throw notFound('play');
      const [touch] = play.touch === null ? [] : await rows.touchesById(q, [play.touch]);
      const told = touch ? (await touchStory(q, parts, touch)).items : await afterPlays(q, parts, [play]);
      return { subject: await subjectAt(q, parts, 'play', id, play), items: told };
    }
    case 'visit': {
      const visit = await rows.visitById(q, id);
      if (!visit) throw notFound('visit');
      return { subject: await subjectAt(q, parts, 'visit', id, visit), items: await aroundVisit(q, parts, visit) };
    }
    case 'order': {
      const order = await parts.orders.get(who, id);
      const visit = order.visitId === null ? undefined : await rows.visitById(q, order.visitId);
      const subject = { kind, id, title: order.dealTitle, place: order.storeName };
      return { subject, items: visit ? await aroundVisit(q, parts, visit) : orderItems(order) };
    }
  }
}

async function terminalStory(q: Reads, parts: StoryParts, who: FleetReader, id: string): Promise<Told> {
  const { terminals, log } = parts;
  if (!isId('terminal', id)) throw notFound('terminal');
  const terminal = await terminals.mayManage(q, who, id);
  const moments = await log.story.doorMoments(q, id, listMax);
  const why = await rows.whyOf(
    q,
    moments.filter(({ kind }) => kind === 'refused'),
  );
  const isOperator = who.role === 'operator';
  const door = moments.map((moment) =>
    item({
      at: moment.at,
      hop: 'door',
      what: moment.kind,
      terminalId: id,
      why: why.get(`${moment.terminalId}.${moment.epoch}.${moment.seq}`) ?? null,
      facts: { via: moment.via, reason: moment.reason, person: moment.person },
      leads: isOperator && moment.touchId !== null ? { kind: 'touch', id: moment.touchId } : null,
    }),
  );
  return {
    subject: await subjectAt(q, parts, 'terminal', id, { terminalId: terminal.id }),
    items: [
      ...door,
      ...(await rows.commandItems(q, id, listMax)),
      ...(isOperator ? await rows.alarmItems(q, id, listMax) : []),
      ...(await rows.healthItems(q, id, listMax)),
    ],
  };
}

/** A look at people: it is audited, and the residents can read it. */
async function unitStory({ store, audit }: Platform, parts: StoryParts, who: FleetReader, id: string): Promise<Told> {
  const q = store.read;
  const { communities, log } = parts;
  const unit = await communities.unit(q, id);
  const community = await communities.mayManage(q, who, unit.communityId);
  await store.tx((tx) => audit(tx, { who, action: 'story.unit', subject: id }));
  const events = [];
  for (const { id: residentId } of await rows.residentsOf(q, id))
    events.push(...(await log.list(who, { residentId, communityId: unit.communityId, limit: listMax })).items);
  const touchOf =
    who.role === 'operator'
      ? await log.story.touchesOf(
          q,
          events.map((event) => event.id),
        )
      : new Map<string, string>();
  const keys = events.filter(({ kind }) => kind === 'refused').map((event) => keyOf(event.id));
  const why = await rows.whyOf(q, keys);
  const door = events.map((event) =>
    item({
      at: event.at,
      hop: 'door',
      what: event.kind,
      terminalId: event.terminalId,
      who: event.who?.name ?? null,
      why: why.get(event.id) ?? null,
      facts: { via: event.via, reason: event.reason, person: event.who?.person ?? null },
      leads: touchOf.has(event.id) ? { kind: 'touch', id: touchOf.get(event.id) ?? '' } : null,
    }),
  );
  const touches = await rows.touchesById(q, [...touchOf.values()]);
  const shown = [...touches.map(touchItem), ...(await playItems(q, parts, await rows.playsAt(q, touches)))];
  const subject = { kind: 'unit', id, title: `${unit.building}-${unit.number}`, place: community.name } as const;
  return { subject, items: [...door, ...shown] };
}

const keyOf = (eventId: string): rows.DoorRowKey => {
  const [terminalId = '', epoch, seq] = eventId.split('.');
  return { terminalId, epoch: Number(epoch), seq: Number(seq) };
};

/** Door, touch and plays; then who scanned that campaign's code there in that half-hour, and what they bought. */
async function touchStory(q: Reads, parts: StoryParts, touch: rows.TouchRow): Promise<Told> {
  const opening = await parts.log.story.openingOf(q, touch);
  const door = opening && {
    ...item({ at: opening.at, hop: 'door', what: opening.kind, terminalId: opening.terminalId }),
    facts: { via: opening.via, reason: opening.reason, person: opening.person },
  };
  const plays = await rows.playsAt(q, [touch]);
  const subject = await subjectAt(q, parts, 'touch', touch.id, touch);
  const told = await afterPlays(q, parts, plays);
  return { subject, items: [...(door ? [door] : []), touchItem(touch), ...told] };
}

async function afterPlays(q: Reads, parts: StoryParts, plays: readonly rows.PlayRow[]): Promise<StoryItem[]> {
  const visits = await rows.visitsAfter(q, plays);
  return [...(await playItems(q, parts, plays)), ...visits.map(visitItem), ...(await ordersAfter(q, parts, visits))];
}

async function aroundVisit(q: Reads, parts: StoryParts, visit: rows.VisitRow): Promise<StoryItem[]> {
  const plays = await rows.playsBehind(q, visit, listMax);
  return [...(await playItems(q, parts, plays)), visitItem(visit), ...(await ordersAfter(q, parts, [visit]))];
}

async function ordersAfter(q: Reads, { orders }: StoryParts, visits: readonly rows.VisitRow[]): Promise<StoryItem[]> {
  const found = await orders.ofVisits(
    q,
    visits.map(({ id }) => id),
  );
  return found.flatMap(orderItems);
}

const touchItem = (touch: rows.TouchRow): StoryItem =>
  item({
    at: touch.startedAt,
    hop: 'touch',
    what: touch.event,
    terminalId: touch.terminalId,
    facts: { unbillable: touch.unbillable, windowMs: touch.windowMs, endedBy: touch.endedBy },
    leads: { kind: 'touch', id: touch.id },
  });

async function playItems(q: Reads, { clipNames }: StoryParts, plays: readonly rows.PlayRow[]): Promise<StoryItem[]> {
  const names = await clipNames.of(
    q,
    plays.map(({ clip }) => clip),
  );
  return plays.map((play) => playItem(play, names.get(play.clip)?.title ?? null));
}

const playItem = (play: rows.PlayRow, clipTitle: string | null): StoryItem =>
  item({
    at: play.startedAt,
    hop: 'play',
    what: play.endReason,
    terminalId: play.terminalId,
    facts: {
      clipTitle,
      rendered: play.rendered,
      viewable: play.viewable,
      completed: play.completed,
      shownMs: play.shownMs,
      isHouse: play.campaignId === null,
    },
    leads: { kind: 'play', id: play.id },
  });

const visitItem = (visit: rows.VisitRow): StoryItem =>
  item({
    at: visit.at,
    hop: 'visit',
    what: 'scanned',
    terminalId: visit.terminalId,
    facts: { halfHour: visit.halfHour },
    leads: { kind: 'visit', id: visit.id },
  });

function orderItems(order: {
  readonly id: string;
  readonly createdAt: number;
  readonly status: string;
  readonly totalFen: number;
  readonly pickedUpAt: number | null;
}): StoryItem[] {
  const { id, createdAt, status, totalFen, pickedUpAt } = order;
  const leads = { kind: 'order', id } as const;
  const ordered = item({ at: createdAt, hop: 'order', what: 'ordered', facts: { totalFen, status }, leads });
  return pickedUpAt === null ? [ordered] : [ordered, item({ at: pickedUpAt, hop: 'pickup', what: 'picked-up', leads })];
}

async function subjectAt(
  q: Reads,
  { terminals, communities }: Pick<StoryParts, 'terminals' | 'communities'>,
  kind: StoryKind,
  id: string,
  { terminalId }: { readonly terminalId: string },
): Promise<StorySubject> {
  const { name, entranceName, communityId } = await terminals.get(q, terminalId);
  const place = (await communities.get(q, communityId)).name;
  return { kind, id, title: `${entranceName} · ${name}`, place };
}

async function withNames(q: Reads, terminals: Terminals, items: readonly StoryItem[]): Promise<StoryItem[]> {
  const names = new Map<string, string>();
  for (const id of new Set(items.flatMap(({ terminalId }) => terminalId ?? [])))
    names.set(id, (await terminals.listed(q, id))?.name ?? '');
  return items.map((one) => ({ ...one, terminalName: names.get(one.terminalId ?? '') ?? null }));
}
