import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hours, instant, manualClock } from '@gatecast/firmware-protocol';
import { TicketKeys } from './ticket-keys.ts';

const clock = manualClock(instant(1_800_000_000_000));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecast-tickets-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function loaded(): Promise<TicketKeys> {
  const keys = new TicketKeys(folder, clock);
  await keys.load();
  return keys;
}

test('a set outlives a restart, for a day', async () => {
  const first = await loaded();
  expect(first.current).toHaveLength(48);
  clock.advance(hours(23));
  expect((await loaded()).current).toEqual(first.current);
  expect(await first.replaceIfOld()).toBe(false);
  clock.advance(hours(1));
  const old = first.current;
  expect(await first.replaceIfOld()).toBe(true);
  expect(first.current).not.toEqual(old);
  expect((await loaded()).current).toEqual(first.current);
});

test('a set that others could have read is not used again', async () => {
  const first = await loaded();
  await chmod(join(folder, 'tls-ticket-keys.json'), 0o644);
  expect((await loaded()).current).not.toEqual(first.current);
});
