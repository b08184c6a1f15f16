import type { AccessEvent, Play, Trace } from '@gatecast/cloud-api/client';
import { expect, it } from 'vitest';
import { historyEvents, isToldLive } from './history.ts';
import { traceOf } from './trace-items.ts';

const at = Date.parse('2026-11-22T10:30:00Z');
const place = { terminalId: 'term_a', terminalName: '南门屏', entranceId: 'entr_a' };
const seen = { atATouch: true, rendered: true, viewable: true, completed: false, muted: false };

const opening: AccessEvent = {
  ...place,
  id: 'door-1',
  entranceName: '南门',
  kind: 'opened',
  via: 'pin',
  reason: null,
  who: null,
  pulseMs: 5_000,
  at,
  receivedAt: at + 100,
  seq: 1,
};
const play: Play = { ...place, ...seen, id: 'play-1', campaignId: 'camp_1', clipTitle: '现摘脐橙', at: at - 40 };
const trace: Trace = {
  visitId: 'vis_1',
  campaignId: 'camp_1',
  campaignName: '脐橙',
  dealId: 'deal_1',
  dealTitle: '脐橙两人团',
  communityName: '枫林雅苑',
  entranceName: '南门',
  play: null,
  visit: { at: at + 60_000 },
  order: { id: 'ordr_1', at: at + 90_000, totalFen: 1_990, status: 'picked-up' },
  pickup: { at: at + 900_000 },
  reached: 'picked-up',
};

it('tells the past by the same rules as the present', () => {
  const items = traceOf(historyEvents({ access: [opening], plays: [play], traces: [trace] }));
  expect(items.map((item) => (item.type === 'chain' ? item.hops.map((hop) => hop.kind) : item.type))).toEqual([
    ['visit', 'order', 'pickup'],
    ['door', 'play'],
  ]);
});

it('an alarm of the past is one, and a mode or a reader is none', () => {
  const past = (kind: AccessEvent['kind']) =>
    historyEvents({ access: [{ ...opening, kind }], plays: [], traces: [] }).map(({ type }) => type);
  const kinds = ['mode', 'reader', 'door-online', 'exit', 'forced', 'door-offline', 'fire'] as const;
  expect(kinds.flatMap(past)).toEqual(['access', 'access', 'access', 'access', 'alarm', 'alarm', 'alarm']);
});

it('what happened while the past was read is told once, and another opening or a later state is another', () => {
  const [past] = historyEvents({ access: [opening], plays: [], traces: [] });
  if (!past) throw new Error('no past');
  expect(isToldLive(past, [{ ...past, id: 7, at: at + 900 }])).toBe(true);
  expect(isToldLive(past, [{ ...past, id: 7, at: at + 60_000 }])).toBe(false);
  const [, order] = historyEvents({ access: [], plays: [], traces: [trace] });
  if (!order) throw new Error('no order');
  expect(isToldLive(order, [{ ...order, id: 8 }])).toBe(true);
  expect(isToldLive(order, [{ ...order, id: 8, facts: { ...order.facts, status: 'paid' } }])).toBe(false);
});
