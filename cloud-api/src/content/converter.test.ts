import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { openStore, type Store } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createConverterFinder } from './converter.ts';
import type { Ffmpeg, NoFfmpeg } from './find-ffmpeg.ts';
import type { Sandbox } from './sandbox.ts';

const holds = { memory: true, cpuTime: true, outputSize: true, noNetwork: true, endsWithParent: true, ownUser: false };
const old: Ffmpeg = {
  path: '/old/ffmpeg',
  from: '@ffmpeg-installer/ffmpeg',
  version: 'ffmpeg version N-47683-static  Copyright (c) 2000-2018 the FFmpeg developers',
};
const recent: Ffmpeg = {
  path: 'ffmpeg',
  from: 'PATH',
  version: 'ffmpeg version 7.1.1 Copyright (c) 2000-2025 the FFmpeg developers',
};

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-converter-'));
  store = await openStore(join(folder, 'cloud.sqlite'), silentLog());
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A machine with these ffmpegs, one at each look, that holds programs so far. */
function machine(
  looks: readonly (Ffmpeg | NoFfmpeg)[],
  held: Partial<Sandbox['holds']> = {},
  mayRun: (command: readonly string[]) => boolean = () => true,
  ffmpegUser?: string,
) {
  const left = [...looks];
  const readiness = new Map<string, () => boolean>();
  const platform = {
    config: readConfig({ GATECAST_DATA_DIR: folder, GATECAST_BROKER_URL: '', GATECAST_FFMPEG_USER: ffmpegUser }),
    store,
    log: silentLog(),
    metrics: createMetrics(),
    readiness,
  };
  const finder = createConverterFinder(platform, {
    findFfmpeg: async () => left.shift() ?? { path: null, tried: [] },
    probeSandbox: async (user) => ({
      user,
      permits: async (command) => mayRun(command),
      holds: { ...holds, ...held },
      wrap: (_limits, [program = '', ...args]) => [program, ...args],
    }),
  });
  return { finder, isReady: () => readiness.get('ffmpeg')?.() };
}

it('an ffmpeg of 2018 is taken with a warning where this machine holds it in every way', async () => {
  const { finder, isReady } = machine([old], { endsWithParent: false });
  await finder.find();
  expect(await finder.health()).toMatchObject({ found: { isAged: true }, holds: { endsWithParent: false } });
  expect(isReady()).toBe(true);
});

it.each(['memory', 'cpuTime', 'outputSize', 'noNetwork'] as const)(
  'and refused, with the reason in health, where it cannot hold its %s',
  async (limit) => {
    const { finder, isReady } = machine([old], { [limit]: false });
    await finder.find();
    expect(finder.converter()).toBeUndefined();
    const tried = [{ candidate: '/old/ffmpeg', fault: expect.stringMatching(/2018.*FFMPEG_PATH/) }];
    expect(await finder.health()).toMatchObject({ found: null, tried });
    expect(isReady()).toBe(false);
  },
);

it('unless somebody names it, who is warned of it all the same', async () => {
  const { finder } = machine([{ ...old, from: 'FFMPEG_PATH' }], { noNetwork: false });
  await finder.find();
  expect(await finder.health()).toMatchObject({ found: { from: 'FFMPEG_PATH', isAged: true } });
});

it('a recent one goes on anywhere, and health says what does not hold it', async () => {
  const { finder } = machine([recent], { noNetwork: false });
  await finder.find();
  expect(await finder.health()).toMatchObject({ found: { isAged: false }, holds: { noNetwork: false } });
});

it('one that is installed later is found later', async () => {
  const { finder, isReady } = machine([
    { path: null, tried: [{ candidate: 'ffmpeg', fault: 'not installed' }] },
    recent,
  ]);
  await finder.find();
  expect(await finder.health()).toMatchObject({ found: null, tried: [{ candidate: 'ffmpeg' }] });
  expect(isReady()).toBe(false);
  await finder.find();
  expect(await finder.health()).toMatchObject({ found: { from: 'PATH' }, tried: [] });
  expect(isReady()).toBe(true);
});

it.each([
  ['may not change user', false, () => true, /may not become 990:991/],
  ['may not run it', true, ([program]: readonly string[]) => program === 'test', /user 990 may not run it/],
  ['cannot reach the files', true, ([program]: readonly string[]) => program !== 'test', /cannot pass through/],
] as const)(
  'converts nothing where another user was asked for that %s, and says so',
  async (_why, ownUser, may, said) => {
    const { finder } = machine([recent], { ownUser }, may, '990:991');
    await finder.find();
    expect(finder.converter()).toBeUndefined();
    expect(await finder.health()).toMatchObject({ found: null, tried: [{ fault: expect.stringMatching(said) }] });
  },
);

it('says whether ffmpeg has a user of its own', async () => {
  const [other, same] = [machine([recent], { ownUser: true }, undefined, '990:991'), machine([recent])];
  for (const { finder } of [other, same]) await finder.find();
  expect([(await other.finder.health()).holds?.ownUser, (await same.finder.health()).holds?.ownUser]).toEqual([
    true,
    false,
  ]);
  for (const wrong of ['0:991', '990', 'nobody', '990:0'])
    expect(() => machine([recent], {}, undefined, wrong)).toThrow(/GATECAST_FFMPEG_USER/);
});
