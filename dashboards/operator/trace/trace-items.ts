import type { LiveEvent } from '@gatecast/cloud-api/client';

export type HopKind = 'door' | 'touch' | 'play' | 'visit' | 'order' | 'paid' | 'group' | 'pickup';

/** One step of a chain, with the event that told of it. */
export interface Hop {
  readonly kind: HopKind;
  readonly event: LiveEvent;
}

/** Door → touch → play → visit → order → pick-up, as far as it has come. */
export interface Chain {
  readonly type: 'chain';
  readonly key: string;
  readonly hops: readonly Hop[];
  readonly lastAt: number;
}

/** Something that belongs to no chain; the same thing again and again is counted. */
export interface Note {
  readonly type: 'note';
  readonly key: string;
  readonly event: LiveEvent;
  readonly count: number;
  readonly lastAt: number;
}
export type TraceItem = Chain | Note;

interface GrowingChain {
  type: 'chain';
  key: string;
  hops: Hop[];
  lastAt: number;
}

/** How long after the step before it an event without a common id still belongs to the same door and person. */
const touchJoinMs = 60_000;
const playJoinMs = 120_000;
const visitJoinMs = 30 * 60_000;

export const itemsMax = 60;

/**
 * Joins live events into chains, the latest activity first. Ids join where events have them (visit, order); door, touch and play are joined by
 * place and time only, because by design nothing outside the access slice knows which opening a touch belongs to.
 * Events come oldest first.
 */
export function traceOf(events: readonly LiveEvent[]): TraceItem[] {
  const chains: GrowingChain[] = [];
  const notes: Note[] = [];
  for (const event of events) {
    // Each movement of a door; what of it matters comes as an opening or an alarm too.
    if (event.type === 'door') continue;
    const kind = hopOf(event);
    if (kind) addHop(chains, { kind, event });
    else addNote(notes, event);
  }
  return [...chains, ...notes].toSorted((a, b) => b.lastAt - a.lastAt || lastIdOf(b) - lastIdOf(a)).slice(0, itemsMax);
}

const lastIdOf = (item: TraceItem): number =>
  item.type === 'note' ? item.event.id : (item.hops.at(-1)?.event.id ?? 0);

function hopOf({ type, facts }: LiveEvent): HopKind | null {
  switch (type) {
    case 'access':
      return facts['kind'] === 'opened' ? 'door' : null;
    case 'play':
      return isAmbient(facts) ? null : 'play';
    case 'order':
      return facts['status'] === 'awaiting-payment' || facts['status'] === undefined
        ? 'order'
        : paidOrLater(facts['status']);
    case 'touch':
    case 'visit':
    case 'group':
    case 'pickup':
      return type;
    default:
      return null;
  }
}

const paidOrLater = (status: unknown): HopKind | null => (status === 'paid' || status === 'ready' ? 'paid' : null);

/** A play with nobody there. */
export const isAmbient = (facts: LiveEvent['facts']): boolean => facts['atATouch'] === false;

function addHop(chains: GrowingChain[], hop: Hop): void {
  const chain = chains.findLast((each) => belongsTo(each, hop));
  if (!chain) {
    chains.push({ type: 'chain', key: `${hop.kind}-${hop.event.id}`, hops: [hop], lastAt: hop.event.at });
    return;
  }
  const same = chain.hops.findIndex((each) => isNewsOf(hop, each));
  if (same >= 0) chain.hops[same] = hop;
  else chain.hops.push(hop);
  chain.lastAt = Math.max(chain.lastAt, hop.event.at);
}

/** True if a step is told again with newer facts, as a group that grows is. A door or a terminal does many things under one id. */
const isNewsOf = (hop: Hop, before: Hop): boolean =>
  hop.kind === before.kind && hop.event.subject === before.event.subject && !hop.event.subject.startsWith('term_');

function belongsTo(chain: GrowingChain, { kind, event }: Hop): boolean {
  const latest = (wanted: HopKind): LiveEvent | undefined => chain.hops.findLast((hop) => hop.kind === wanted)?.event;
  const within = (before: LiveEvent | undefined, ms: number): boolean =>
    before !== undefined && samePlace(before, event) && Math.abs(event.at - before.at) <= ms;
  const { facts, subject } = event;
  switch (kind) {
    case 'touch':
      return !latest('touch') && within(latest('door'), touchJoinMs);
    case 'play':
      return within(latest('touch') ?? latest('door'), playJoinMs);
    case 'visit': {
      if (chain.hops.some((hop) => hop.kind === 'visit')) return latest('visit')?.subject === subject;
      const { campaignId } = facts;
      const play = chain.hops.findLast(
        (hop) => hop.kind === 'play' && hop.event.facts['campaignId'] === campaignId,
      )?.event;
      return within(play, visitJoinMs);
    }
    case 'order':
    case 'paid':
    case 'pickup':
      return isOfOrder(chain, subject) || (latest('visit')?.subject ?? null) === (facts['visitId'] ?? '');
    case 'group':
      return latest('order')?.facts['dealId'] === facts['dealId'] && facts['dealId'] !== undefined;
    default:
      return false;
  }
}

const isOfOrder = (chain: GrowingChain, order: string): boolean =>
  chain.hops.some(({ kind, event }) => (kind === 'order' || kind === 'paid') && event.subject === order);

/** True if both happened at one entrance, or at one terminal where no entrance is told. */
function samePlace(a: LiveEvent, b: LiveEvent): boolean {
  const [first, second] = [a.facts['entranceId'], b.facts['entranceId']];
  if (first !== undefined && second !== undefined) return first === second;
  return terminalOf(a) === terminalOf(b);
}

/** The terminal that an event is about, if it is about one. */
export function terminalOf({ subject, facts }: LiveEvent): string | null {
  if (typeof facts['terminalId'] === 'string') return facts['terminalId'];
  return subject.startsWith('term_') ? subject : null;
}

function addNote(notes: Note[], event: LiveEvent): void {
  const last = notes.at(-1);
  if (last && sameNote(last.event, event)) {
    notes[notes.length - 1] = { ...last, event, count: last.count + 1, lastAt: event.at };
    return;
  }
  notes.push({ type: 'note', key: `note-${event.id}`, event, count: 1, lastAt: event.at });
}

const sameNote = (a: LiveEvent, b: LiveEvent): boolean =>
  a.type === b.type && terminalOf(a) === terminalOf(b) && a.type === 'play' && isAmbient(a.facts) && isAmbient(b.facts);
