import { expect, test } from 'vitest';
import { campaignOrder, nextStep, onAir, type Standing } from './next-step.ts';

const nothing: Standing = { clips: [], deals: [], campaigns: [], bookings: [] };
const approved = [{ id: 'clip_1', status: 'approved' as const }];
const open = [{ status: 'open' as const }];
const hourMs = 3_600_000;
const booked = {
  id: 'book_1',
  campaignId: 'camp_1',
  holdUntil: null,
  lateFen: 0,
  createdAt: 0,
  pausedAt: null,
  cancelledAt: null,
};
const paid = (at: number) => ({ ...booked, status: 'paid' as const, at, toAt: at + hourMs / 2 });

test('a new merchant is led from the clip to the deal to the booking', () => {
  expect(nextStep(nothing, 0)).toBe('upload-clip');
  expect(nextStep({ ...nothing, clips: [{ id: 'clip_1', status: 'rejected' }] }, 0)).toBe('fix-clip');
  expect(nextStep({ ...nothing, clips: approved }, 0)).toBe('create-deal');
  expect(nextStep({ ...nothing, clips: approved, deals: open }, 0)).toBe('book');
});

test('while the clip is with the reviewer, the deal can be made', () => {
  const waiting = { ...nothing, clips: [{ id: 'clip_1', status: 'in-review' as const }] };
  expect(nextStep(waiting, 0)).toBe('create-deal');
  expect(nextStep({ ...waiting, deals: open }, 0)).toBe('wait-for-review');
});

test('touches that are held but not paid come before everything else', () => {
  const held = { ...paid(hourMs), status: 'held' as const, holdUntil: 60_000 };
  expect(nextStep({ ...nothing, bookings: [held] }, 30_000)).toBe('pay-booking');
  expect(nextStep({ ...nothing, bookings: [held] }, 60_000)).toBe('hold-again');
  expect(nextStep({ ...nothing, bookings: [held] }, 2 * hourMs)).toBe('upload-clip');
});

test('while something is booked there is nothing to press for', () => {
  const standing = { ...nothing, clips: approved, deals: open, bookings: [paid(hourMs)] };
  expect(nextStep(standing, 0)).toBe('none');
  expect(nextStep(standing, 2 * hourMs)).toBe('book-again');
});

test('a half-hour is on air from its start until just before its end', () => {
  expect(onAir([paid(hourMs)], hourMs).now).toHaveLength(1);
  expect(onAir([paid(hourMs)], hourMs * 1.5).now).toHaveLength(0);
  expect(onAir([paid(hourMs)], 0).next).toHaveLength(1);
});

test('what runs for days is on air until its last half-hour is over, unless it pauses or was cancelled', () => {
  const days = { ...paid(hourMs), toAt: 72 * hourMs };
  expect(onAir([days], 50 * hourMs).now).toHaveLength(1);
  expect(onAir([{ ...days, pausedAt: hourMs }], 50 * hourMs).now).toHaveLength(0);
  expect(onAir([{ ...days, cancelledAt: hourMs }], 50 * hourMs).now).toHaveLength(0);
  const standing = { ...nothing, clips: approved, deals: open, bookings: [days] };
  expect(nextStep(standing, 50 * hourMs)).toBe('none');
});

test('what runs stands above what comes, and that above what is over, however old it is', () => {
  const campaigns = ['newest', 'comes-late', 'comes-soon', 'runs', 'oldest'].map((id) => ({ id }));
  const bookings = [
    { ...paid(9 * hourMs), campaignId: 'comes-late' },
    { ...paid(3 * hourMs), campaignId: 'comes-soon' },
    { ...paid(hourMs), campaignId: 'runs' },
    { ...paid(5 * hourMs), campaignId: 'runs' },
    { ...paid(4 * hourMs), campaignId: 'newest', pausedAt: 0 },
  ];
  const order = campaignOrder(campaigns, bookings, hourMs).map(({ id }) => id);
  expect(order).toEqual(['runs', 'comes-soon', 'comes-late', 'newest', 'oldest']);
  expect(campaignOrder(campaigns, [], 0)).toEqual(campaigns);
});
