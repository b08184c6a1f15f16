import type { AccessEvent, LiveEvent, Play, Trace } from '@gatecast/cloud-api/client';

interface History {
  readonly access: readonly AccessEvent[];
  readonly plays: readonly Play[];
  readonly traces: readonly Trace[];
}

/**
 * What happened before the page was opened, in the shape of live events, oldest first, so that both are joined by the same rules.
 * Ids are negative: they are no rows of the event table.
 */
export function historyEvents({ access, plays, traces }: History): LiveEvent[] {
  const events = [...access.map(ofAccess), ...plays.map(ofPlay), ...traces.flatMap(ofTrace)];
  return events
    .toSorted((a, b) => orderOf(a) - orderOf(b))
    .map((event, index) => ({ ...event, id: index - events.length }));
}

/** What happens at a door has no id of its own here: a row may be told live so much later than it happened. */
const toldWithinMs = 10_000;

/** True if a live event tells the same: it happened while the past was being read. */
export const isToldLive = (past: LiveEvent, live: readonly LiveEvent[]): boolean =>
  live.some(
    ({ type, subject, at, facts }) =>
      type === past.type &&
      subject === past.subject &&
      facts['kind'] === past.facts['kind'] &&
      facts['status'] === past.facts['status'] &&
      (!subject.startsWith('term_') || Math.abs(at - past.at) < toldWithinMs),
  );

type Past = Omit<LiveEvent, 'id'>;

/** A screen may answer a touch some milliseconds before the door's own row is written; the opening still comes first. */
const playLagMs = 1_500;
const orderOf = ({ type, at }: Past): number => (type === 'play' ? at + playLagMs : at);

/** As the cloud tells them live. */
const quietKinds: readonly AccessEvent['kind'][] = ['opened', 'refused', 'exit', 'mode', 'reader', 'door-online'];

const ofAccess = ({ kind, via, reason, terminalId, entranceId, entranceName, at }: AccessEvent): Past => ({
  type: quietKinds.includes(kind) ? 'access' : 'alarm',
  subject: terminalId,
  at,
  facts: { kind, via, reason, entranceId, entranceName },
});

const ofPlay = ({ id, at, clipTitle, terminalId, entranceId, campaignId, ...play }: Play): Past => {
  const { atATouch, rendered, viewable, completed, muted } = play;
  const facts = { terminalId, entranceId, campaignId, clipTitle, atATouch, rendered, viewable, completed, muted };
  return { type: 'play', subject: id, at, facts };
};

function ofTrace({ visitId, visit, order, pickup, ...trace }: Trace): Past[] {
  const { dealId, dealTitle, entranceName, campaignId } = trace;
  const deal = { dealId, dealTitle };
  const past: Past[] = [
    { type: 'visit', subject: visitId, at: visit.at, facts: { ...deal, entranceName, campaignId } },
  ];
  if (order) {
    const facts = { ...deal, visitId, totalFen: order.totalFen, status: 'awaiting-payment' };
    past.push({ type: 'order', subject: order.id, at: order.at, facts });
    if (pickup) past.push({ type: 'pickup', subject: order.id, at: pickup.at, facts: deal });
  }
  return past;
}
