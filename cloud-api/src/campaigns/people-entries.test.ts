import { halfHourMs, instant, newId } from '@gatecast/firmware-protocol';
import { plan as planSchema, type PlanCell } from '@gatecast/firmware-protocol/messages';
import { expect, it } from 'vitest';
import { withPeople, type PeopleSlot } from './people-entries.ts';

const at = instant(halfHourMs * 1_000_000);
const door = { entrance: newId('entrance'), placement: 'gate', event: 'opening' } as const;
const clip = {
  sha256: 'a'.repeat(64),
  bytes: 1,
  durationMs: 6_000,
  width: 720,
  height: 1280,
  title: '面馆',
  advertiser: null,
  hasDeal: false,
  poster: null,
  neededAt: at,
  until: null,
  approvedAt: at,
};
const slot = (change: Partial<PeopleSlot['people']> = {}, from = at): PeopleSlot => ({
  campaign: newId('campaign'),
  campaignNo: 1,
  advertiser: newId('merchant'),
  trade: null,
  at: from,
  touches: 10,
  segment: 'all',
  placement: 'any',
  sharePpm: null,
  cap: null,
  clip,
  people: { lineItem: newId('booking'), upTo: 4, known: 1, until: instant(at + halfHourMs), holdout: null, ...change },
});
const everybodys: PlanCell = { at, ...door, segment: 'all', entries: [] };

it('stands among what everybody is shown, for those who opted in alone, with all that this screen may reach', () => {
  const one = slot();
  const [cell, ...others] = withPeople([everybodys], [one], door);
  expect(others).toEqual([]);
  expect(cell?.entries).toEqual([expect.objectContaining({ consent: true, remaining: 4, people: one.people })]);
});

it('has half-hours of its own where nothing else was sold, in their order', () => {
  const later = slot({}, instant(at + halfHourMs));
  const cells = withPeople([{ ...everybodys, at: instant(at + 2 * halfHourMs) }], [later, slot()], door);
  expect(cells.map((cell) => cell.at - at)).toEqual([0, halfHourMs, 2 * halfHourMs]);
  const shape = { zone: 'UTC', validFrom: at, validTo: instant(at + 86_400_000), audience: [], house: [], notices: [] };
  expect(planSchema.safeParse({ ...shape, cells }).success).toBe(true);
});

it('is not told of to a screen that has nobody left to reach', () => {
  expect(withPeople([everybodys], [slot({ upTo: 2, known: 2 })], door)).toEqual([everybodys]);
});
