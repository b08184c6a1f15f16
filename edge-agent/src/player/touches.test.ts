import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { halfHourOf, newId, systemClock } from '@gatecast/firmware-protocol';
import { playRows } from '@gatecast/firmware-protocol/messages';
import { entrance } from './plan.fixture.ts';
import { journalInMemory, openingAt, silentLog } from './player.fixture.ts';
import { createTouches } from './touches.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function atTheGate() {
  const journal = journalInMemory();
  const touches = createTouches({ clock: systemClock, log: silentLog, journal });
  const open = () => {
    const opening = openingAt(systemClock, { pseudonym: 'A'.repeat(22) });
    touches.opened(opening);
    return opening;
  };
  return { touches, open, rows: () => journal.of('touch') };
}

it('lasts until the door closes', async () => {
  const { touches, open, rows } = atTheGate();
  const opening = open();
  await vi.advanceTimersByTimeAsync(1_500);
  touches.contact(entrance, true);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(touches.isPending(entrance, halfHourOf(opening.startedAt))).toBe(true);
  touches.contact(entrance, false);
  await vi.advanceTimersByTimeAsync(1);
  expect(rows()).toEqual([
    {
      touch: opening.touch,
      entrance,
      placement: 'gate',
      unbillable: null,
      startedAt: opening.startedAt,
      event: 'opening',
      windowMs: 9_500,
      endedBy: 'door-closed',
    },
  ]);
  expect(JSON.stringify(rows())).not.toContain('A'.repeat(22));
  expect(playRows.touch.safeParse(rows()[0]).success).toBe(true);
  expect(touches.isPending(entrance, halfHourOf(opening.startedAt))).toBe(false);
});

it('lasts six seconds where no contact tells of the door', async () => {
  const { open, rows } = atTheGate();
  open();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(rows()).toMatchObject([{ windowMs: 6_000, endedBy: 'timeout' }]);
});

it('ends after thirty seconds at a door that is propped open', async () => {
  const { touches, open, rows } = atTheGate();
  open();
  touches.contact(entrance, true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rows()).toMatchObject([{ windowMs: 30_000, endedBy: 'timeout' }]);
});

it('is one for each of two people who open one after the other', async () => {
  const { touches, open, rows } = atTheGate();
  const first = open();
  touches.contact(entrance, true);
  await vi.advanceTimersByTimeAsync(4_000);
  const second = open();
  await vi.advanceTimersByTimeAsync(7_000);
  touches.contact(entrance, false);
  await vi.advanceTimersByTimeAsync(1);
  expect(rows()).toMatchObject([
    { touch: first.touch, windowMs: 11_000, endedBy: 'door-closed' },
    { touch: second.touch, windowMs: 7_000, endedBy: 'door-closed' },
  ]);
});

it('lasts until the lift is there, and as long as at any door where nothing tells of it', async () => {
  const { touches, rows } = atTheGate();
  const call = { event: 'lift-call', placement: 'lift' } as const;
  touches.opened(openingAt(systemClock, { ...call, tellsArrival: true }));
  await vi.advanceTimersByTimeAsync(21_000);
  touches.contact(entrance, true);
  touches.contact(entrance, false);
  touches.opened(openingAt(systemClock, call));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(rows()).toMatchObject([
    { event: 'lift-call', placement: 'lift', windowMs: 21_000, endedBy: 'lift-arrived' },
    { event: 'lift-call', windowMs: 6_000, endedBy: 'timeout' },
  ]);
  expect(rows().every((row) => playRows.touch.strict().safeParse(row).success)).toBe(true);
});

it('is not ended by another door', async () => {
  const { touches, open, rows } = atTheGate();
  open();
  touches.contact(newId('entrance'), false);
  await vi.advanceTimersByTimeAsync(1);
  expect(rows()).toEqual([]);
});

it('is journalled when the terminal stops in the middle of it', async () => {
  const { touches, open, rows } = atTheGate();
  open();
  await vi.advanceTimersByTimeAsync(2_000);
  await touches.finish();
  expect(rows()).toMatchObject([{ windowMs: 2_000, endedBy: 'timeout' }]);
});
