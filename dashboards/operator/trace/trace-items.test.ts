import type { LiveEvent, LiveEventType } from '@gatecast/cloud-api/client';
import { expect, it } from 'vitest';
import { traceOf, type TraceItem } from './trace-items.ts';

let id = 0;
const at = Date.parse('2026-11-22T10:30:00Z');
const event = (type: LiveEventType, seconds: number, subject: string, facts: LiveEvent['facts'] = {}): LiveEvent => ({
  id: (id += 1),
  type,
  subject,
  at: at + seconds * 1_000,
  facts,
});
const gate = { terminalId: 'term_a', entranceId: 'entr_gate' };
const opened = (seconds: number) =>
  event('access', seconds, 'term_a', { kind: 'opened', via: 'pin', entranceId: 'entr_gate' });
const kinds = (item: TraceItem | undefined) =>
  item?.type === 'chain' ? item.hops.map((hop) => hop.kind) : [item?.event.type];

it('joins one homecoming from the door to the shop', () => {
  const items = traceOf([
    opened(0),
    event('touch', 7, 'term_a', { ...gate, unbillable: null }),
    event('play', 9, 'term_a', { ...gate, atATouch: true, campaignId: 'camp_1' }),
    event('play', 20, 'term_a', { ...gate, atATouch: true, campaignId: null }),
    event('visit', 40, 'vis_1', { ...gate, campaignId: 'camp_1', dealId: 'deal_1' }),
    event('order', 60, 'ordr_1', { visitId: 'vis_1', dealId: 'deal_1', status: 'awaiting-payment' }),
    event('order', 70, 'ordr_1', { visitId: 'vis_1', dealId: 'deal_1', status: 'paid' }),
    event('group', 71, 'grp_1', { dealId: 'deal_1', paid: 1, size: 2 }),
    event('group', 90, 'grp_1', { dealId: 'deal_1', paid: 2, size: 2 }),
    event('pickup', 900, 'ordr_1', {}),
  ]);
  expect(items).toHaveLength(1);
  expect(kinds(items[0])).toEqual(['door', 'touch', 'play', 'play', 'visit', 'order', 'paid', 'group', 'pickup']);
  expect(items[0]).toMatchObject({ lastAt: at + 900_000 });
});

it('keeps two people at two doors apart, the latest activity first', () => {
  const items = traceOf([
    opened(0),
    event('access', 2, 'term_b', { kind: 'opened', entranceId: 'entr_b' }),
    event('touch', 3, 'term_b', { terminalId: 'term_b', entranceId: 'entr_b' }),
    event('play', 8, 'term_a', { ...gate, campaignId: 'camp_1', atATouch: true }),
  ]);
  expect(items.map(kinds)).toEqual([
    ['door', 'play'],
    ['door', 'touch'],
  ]);
});

it('a second resident whose order came without a scan has a chain of its own', () => {
  const items = traceOf([
    event('visit', 0, 'vis_1', { campaignId: 'camp_1' }),
    event('order', 5, 'ordr_1', { visitId: 'vis_1', status: 'awaiting-payment' }),
    event('order', 9, 'ordr_2', { visitId: null, status: 'awaiting-payment' }),
    event('pickup', 20, 'ordr_2', {}),
  ]);
  expect(items.map(kinds)).toEqual([
    ['order', 'pickup'],
    ['visit', 'order'],
  ]);
});

it('counts plays with nobody there in one line, and tells of a refusal by itself', () => {
  const ambient = (seconds: number) => event('play', seconds, 'term_a', { ...gate, atATouch: false });
  const items = traceOf([ambient(0), ambient(15), ambient(30), event('access', 40, 'term_a', { kind: 'refused' })]);
  expect(items.map((item) => (item.type === 'note' ? [item.event.type, item.count] : item.type))).toEqual([
    ['access', 1],
    ['play', 3],
  ]);
});
