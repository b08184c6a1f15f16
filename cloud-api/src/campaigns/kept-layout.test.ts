import {
  after,
  days,
  halfHourMs,
  hours,
  instant,
  milliseconds,
  minutes,
  newId,
  seconds,
  type DurationMs,
} from '@gatecast/firmware-protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../platform/log.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood } from '../test-neighbourhood.ts';
import { createAvailability, type Availability } from './availability.ts';
import { noteForSale } from './inventory-version.ts';
import { KeptLayout } from './kept-layout.ts';
import type { LayoutWish } from './lay-out.ts';
import { makeLayout } from './layout.ts';

/** 18:00 in Shanghai; the app's clock stands at 07:40 of the day before. */
const evening = instant(Date.UTC(2026, 10, 24, 10, 0));

describe('the layout that answers', () => {
  let world: TestApp;
  let availability: Availability;
  afterEach(async () => {
    await availability.stop();
    await world.close();
  });

  /** A town of one community; layouts are made when the gate lets them. */
  const town = async (patience?: DurationMs) => {
    world = await testApp();
    const { communityId } = await neighbourhood(world);
    const { store, clock } = world;
    const state = { made: 0, gate: Promise.resolve(), fails: false };
    const lay = async (wish: LayoutWish, signal: AbortSignal) => {
      state.made += 1;
      await state.gate;
      if (state.fails) throw new Error('no layout today');
      return makeLayout(store, wish, signal);
    };
    availability = createAvailability(new KeptLayout({ store, clock, log: silentLog() }, lay, patience));
    /** Touches that are left of one half-hour. */
    const ask = async (at = evening, takes = false) => {
      const claim = {
        id: 'asked',
        communityIds: [communityId],
        from: at,
        to: after(at, milliseconds(halfHourMs)),
        days: null,
        dayparts: [],
        placements: [],
        segment: 'all' as const,
        milliTouches: 1_000_000_000,
        weight: 1,
        dayCapMilli: null,
      };
      const asked = [{ claim, closed: () => null }];
      const { found } = await (takes ? availability.askToTake(asked) : availability.ask(asked));
      return Math.floor((found[0]?.quote.availableMilliTouches ?? 0) / 1_000);
    };
    /** Twice as many people live here now. */
    const grow = () =>
      store.tx(async (q) => {
        const t = q.t.communities;
        const [before] = await q.select().from(t);
        await q.update(t).set({ households: (before?.households ?? 0) * 2 });
      });
    /** Layouts wait until the returned function is called. */
    const shut = (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      state.gate = promise;
      return resolve;
    };
    return { here: communityId, clock, state, ask, grow, shut };
  };

  it('is made once for many questions, and anew for who takes something after a change', async () => {
    const { state, ask, grow } = await town();
    const [before, ...others] = await Promise.all([ask(), ask(), ask()]);
    expect(before).toBeGreaterThan(0);
    expect(others).toEqual([before, before]);
    expect(state.made).toBe(1);
    await grow();
    expect(await ask()).toBe(before);
    await world.store.tx((q) => noteForSale(q, newId('community')));
    expect(await ask(evening, true)).toBeGreaterThan(before);
    expect(state.made).toBe(2);
  });

  it('is waited for by nobody who only asks: after a change elsewhere, or in a new half-hour', async () => {
    const { clock, state, ask, shut } = await town(minutes(10));
    // Two minutes to eight.
    clock.advance(minutes(18));
    const before = await ask();
    const open = shut();
    await world.store.tx((q) => noteForSale(q, newId('community')));
    expect(await ask()).toBe(before);
    expect(state.made).toBe(2);
    const taken = ask(evening, true);
    expect(await Promise.race([taken, ask().then(() => 'asked')])).toBe('asked');
    open();
    expect(await taken).toBe(before);
    const openAgain = shut();
    clock.advance(minutes(4));
    expect(await ask()).toBe(before);
    expect(state.made).toBe(3);
    openAgain();
  });

  it('is waited for by who asks just where something has changed, or everything', async () => {
    const { here, ask, grow } = await town();
    let before = await ask();
    for (const where of [here, null]) {
      await grow();
      await world.store.tx((q) => noteForSale(q, where));
      const now = await ask();
      expect(now).toBeGreaterThan(before);
      before = now;
    }
  });

  it('still answers while the next takes long', async () => {
    const { clock, state, ask, grow, shut } = await town(seconds(1));
    const before = await ask();
    const open = shut();
    await grow();
    clock.advance(minutes(11));
    expect(await ask()).toBe(before);
    expect(await ask()).toBe(before);
    open();
    await expect.poll(() => ask()).toBeGreaterThan(before);
    expect(state.made).toBe(2);
  });

  it('is waited for by whoever asks for days that are not laid out, and by nobody else', async () => {
    const { state, ask, grow, shut } = await town();
    const before = await ask();
    const open = shut();
    await grow();
    const late = ask(after(evening, days(21)));
    expect(await ask()).toBe(before);
    open();
    expect(await late).toBeGreaterThan(before);
    expect(await ask()).toBeGreaterThan(before);
    expect(state.made).toBe(2);
  });

  it('is not asked when it is too old, and tells why there is none', async () => {
    const { clock, state, ask } = await town();
    const before = await ask();
    clock.advance(hours(1));
    state.fails = true;
    await expect(ask()).rejects.toThrow('no layout today');
    state.fails = false;
    expect(await ask()).toBe(before);
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
