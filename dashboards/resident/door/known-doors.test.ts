import type { OwnDoor } from '@gatecast/cloud-api/client';
import { expect, it } from 'vitest';
import { bigDoorFirst } from './known-doors.ts';

const door = (entranceId: string, online = true): OwnDoor => ({
  entranceId,
  name: entranceId,
  placement: 'gate',
  online,
  mode: 'normal',
});

it('the door that was opened last from this phone has the large button, even while it is away', () => {
  const { big, others } = bigDoorFirst([door('south'), door('north', false), door('lift')], 'north');
  expect(big?.entranceId).toBe('north');
  expect(others.map(({ entranceId }) => entranceId)).toEqual(['south', 'lift']);
});

it('on a new phone it is the first door that answers', () => {
  expect(bigDoorFirst([door('south', false), door('north')], null).big?.entranceId).toBe('north');
  expect(bigDoorFirst([door('south', false)], 'gone').big?.entranceId).toBe('south');
  expect(bigDoorFirst([], null)).toEqual({ big: undefined, others: [] });
});
