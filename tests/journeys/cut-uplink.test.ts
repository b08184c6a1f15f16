import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

let world: World;
let visitorCode: string;

beforeAll(async () => {
  world = await World.open();
  const from = world.neighbourhood.clock.now();
  const pass = await world.manager('POST /v1/passes', {
    body: {
      communityId: world.founded.community,
      label: '访客',
      entranceIds: null,
      from,
      to: from + 7_200_000,
      uses: null,
    },
  });
  visitorCode = pass.code;
  await world.terminalIsReady();
});
afterAll(() => world.close());

it('with cloud and broker killed, codes still open, and later every opening arrives exactly once and in order', async () => {
  const { cloud, broker } = world.neighbourhood;
  await Promise.all([cloud.kill(), broker.kill()]);

  const resident = world.founded.residents.slice(1, 3).map(({ unit, pin }) => `${unit}*${pin}#`);
  const typed = [world.keys, `${visitorCode}#`, ...resident];
  for (const code of typed) {
    await world.open(code);
    await world.doorIsShut();
  }
  await world.type('9999*123456#');

  await cloud.start();
  await broker.start();
  const rows = await waitUntil(
    'the openings of the gap to arrive',
    async () => {
      const { items } = await world.manager('GET /v1/access-events', {
        query: { terminalId: world.terminalId, limit: 100 },
      });
      const decided = items.filter(({ kind }) => kind === 'opened' || kind === 'refused');
      return decided.length >= typed.length + 1 ? items : undefined;
    },
    { withinMs: 60_000 },
  );
  const decided = rows.filter(({ kind }) => kind === 'opened' || kind === 'refused').toReversed();
  expect(decided.map(({ kind, via }) => `${kind} ${via}`)).toEqual([
    'opened pin',
    'opened code',
    'opened pin',
    'opened pin',
    'refused pin',
  ]);
  const seqs = rows.map(({ seq }) => seq);
  expect(new Set(seqs).size, 'no row twice').toBe(seqs.length);
  expect(seqs, 'newest first').toEqual([...seqs].toSorted((a, b) => b - a));

  const plays = await waitUntil(
    'the plays of the gap to arrive',
    async () => {
      const { items } = await world.operator('GET /v1/plays', { query: { terminalId: world.terminalId, limit: 100 } });
      return items.length > 0 ? items : undefined;
    },
    { withinMs: 60_000 },
  ).catch(() => undefined);
  expect(new Set(plays?.map(({ id }) => id)).size).toBe(plays?.length ?? 0);
});
