import { expect, test } from 'vitest';
import type { Trace } from '@gatecast/cloud-api/client';
import { traceHops } from './trace-hops.ts';

const scan: Trace = {
  visitId: 'vis_1',
  campaignId: 'camp_1',
  campaignName: 'a',
  dealId: 'deal_1',
  dealTitle: 'b',
  communityName: 'c',
  entranceName: 'd',
  play: { halfHour: 0, clipTitle: 'e', plays: 3 },
  visit: { at: 10 },
  order: null,
  pickup: null,
  reached: 'visit',
};
const order = { id: 'ordr_1', at: 20, totalFen: 1, status: 'ready' };
const lit = (trace: Trace) =>
  traceHops(trace)
    .filter((hop) => hop.reached)
    .map((hop) => hop.name);

test('a scan lights play and visit, and no more', () => {
  expect(lit(scan)).toEqual(['play', 'visit']);
});

test('an order that is not paid stops there', () => {
  expect(lit({ ...scan, order, reached: 'order' })).toEqual(['play', 'visit', 'order']);
});

test('goods in hand light the whole chain', () => {
  expect(lit({ ...scan, order, pickup: { at: 30 }, reached: 'picked-up' })).toHaveLength(5);
});

test('a scan whose play cannot be told leaves the play dark', () => {
  expect(lit({ ...scan, play: null })).toEqual(['visit']);
});
