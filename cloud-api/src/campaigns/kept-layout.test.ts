import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  after,
  days,
  halfHourMs,
  hours,
  instant,
  manualClock,
  milliseconds,
  minutes,
} from '@gatecast/firmware-protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../platform/db/store.ts';
import { openMigrated } from '../platform/db/test-migrated.ts';
import { silentLog } from '../platform/log.ts';
import type { Platform } from '../platform/platform.ts';
import { createAvailability, type Availability } from './availability.ts';
import type { LayoutParts } from './layout.ts';

const communityId = 'com_here';
const began = instant(Date.UTC(2026, 10, 24, 0, 3));
const evening = instant(Date.UTC(2026, 10, 24, 10, 0));

describe('the layout that answers', () => {
  let folder: string;
  let store: Store;
  let availability: Availability;
  afterEach(async () => {
    await availability.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A town of one door at which so many come in each half-hour; forecasts come when the gate lets them. */
  const town = async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-layout-'));
    store = await openMigrated(join(folder, 'cloud.sqlite'));
    const clock = manualClock(began);
    const state = { touches: 5, made: 0, gate: Promise.resolve(), fails: false };
    const audience = {
      async *forecastByCommunity(
        _q: unknown,
        _ids: unknown,
        { from, to }: { readonly from: number; readonly to: number },
      ) {
        state.made += 1;
        await state.gate;
        if (state.fails) throw new Error('no forecast today');
        const shares = { all: 1_000_000 };
        const expectedMilli = state.touches * 1_000;
        for (let at = from; at < to; at += halfHourMs)
          yield [
            {
              communityId,
              entranceId: 'ent_gate',
              placement: 'gate' as const,
              at: instant(at),
              expectedMilli,
              lowMilli: expectedMilli,
              highMilli: expectedMilli,
              shares,
            },
          ];
      },
    };
    const zone = 'Asia/Shanghai';
    const parts = {
      audience,
      communities: {
        largest: async () => [communityId],
        about: async () => new Map([[communityId, { id: communityId, zone }]]),
      },
      inventory: {
        sellable: async () =>
          new Map([
            [
              communityId,
              {
                communityId,
                zone,
                reason: null,
                blackouts: [],
                scope: { placements: ['gate'], hours: [], excluded: [], until: after(began, days(365)) },
              },
            ],
          ]),
      },
    };
    // Only what a layout reads of them: the clock and the store of the one, three questions of the other.
    const platform = { store, clock, log: silentLog() } as unknown as Platform;
    availability = createAvailability(platform, parts as unknown as LayoutParts);
    const ask = async (at = evening) => {
      const claim = {
        id: 'asked',
        communityIds: [communityId],
        from: at,
        to: after(at, milliseconds(halfHourMs)),
        days: null,
        dayparts: [],
        placements: [],
        segment: 'all' as const,
        milliTouches: 100_000,
        weight: 1,
        dayCapMilli: null,
      };
      const { found } = await availability.ask([{ claim, closed: () => null }]);
      return (found[0]?.quote.availableMilliTouches ?? 0) / 1_000;
    };
    /** Forecasts wait until the returned function is called. */
    const shut = (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      state.gate = promise;
      return resolve;
    };
    return { clock, state, ask, shut };
  };

  it('is made once for many questions, and with the next question after something has changed', async () => {
    const { state, ask } = await town();
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([5, 5, 5]);
    expect(state.made).toBe(1);
    state.touches = 7;
    expect(await ask()).toBe(5);
    availability.forget();
    expect(await ask()).toBe(7);
    expect(state.made).toBe(2);
  });

  it('still answers while the next takes long', { timeout: 30_000 }, async () => {
    const { clock, state, ask, shut } = await town();
    await ask();
    const open = shut();
    state.touches = 7;
    clock.advance(minutes(11));
    expect(await ask()).toBe(5);
    expect(await ask()).toBe(5);
    open();
    await expect.poll(() => ask()).toBe(7);
    expect(state.made).toBe(2);
  });

  it(
    'is waited for by whoever asks for days that are not laid out, and by nobody else',
    { timeout: 30_000 },
    async () => {
      const { state, ask, shut } = await town();
      await ask();
      const open = shut();
      state.touches = 7;
      const late = ask(after(evening, days(20)));
      expect(await ask()).toBe(5);
      open();
      expect(await late).toBe(7);
      expect(await ask()).toBe(7);
      expect(state.made).toBe(2);
    },
  );

  it('is not asked when it is too old, and tells why there is none', async () => {
    const { clock, state, ask } = await town();
    await ask();
    clock.advance(hours(1));
    state.fails = true;
    await expect(ask()).rejects.toThrow('no forecast today');
    state.fails = false;
    expect(await ask()).toBe(5);
  });

  it('ends while it is being made', async () => {
    const { ask, shut } = await town();
    const open = shut();
    const asked = expect(ask()).rejects.toThrow();
    const stopped = availability.stop();
    open();
    await stopped;
    await asked;
  });
});
