import { hours, instant, minutes, seconds, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import type { DoorMode, ModeOverride } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doorOf, KeptDoor } from './doorkeeper.fixture.ts';
import { credentialOf } from './right.fixture.ts';

/** A Monday, in the zone of the door. */
const monday = (hour: number, minute = 0): InstantMs => zonedInstant('2026-11-23', hour * 60 + minute, 'Asia/Shanghai');
const market = { mode: 'free-passage' as const, weekdays: [1], window: { fromMinute: 9 * 60, toMinute: 18 * 60 } };
const byHand = (mode: DoorMode, from: InstantMs, lastsMs: number): ModeOverride => ({
  mode,
  from,
  to: instant(from + lastsMs),
});
const codes = {
  '111111': credentialOf(),
  '222222': credentialOf({ person: 'emergency' }),
};

describe('the mode of a door', () => {
  let door: KeptDoor;
  const pass = (span: number) => vi.advanceTimersByTimeAsync(span);
  const begin = async (at: InstantMs, change: Parameters<typeof doorOf>[0]) => {
    vi.setSystemTime(at);
    door = new KeptDoor(doorOf(change), codes).start();
    await pass(0);
  };
  const shown = () => door.hardware.orders.flatMap((o) => (o.order === 'mode' ? [o.shown] : []));

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    door.keeper.stop();
    vi.useRealTimers();
  });

  describe('free passage', () => {
    it('begins and ends by its schedule, is held by orders every ten seconds, and is told', async () => {
      await begin(monday(8, 59), { schedules: [market] });
      expect(door.orders).toEqual([]);
      await pass(minutes(1));
      expect([door.mode, door.state]).toEqual(['free-passage', 'released']);
      expect(door.orders).toEqual(['hold']);
      await pass(seconds(29));
      expect(door.orders).toEqual(['hold', 'hold', 'hold']);
      await pass(hours(9) - seconds(29));
      expect(door.orders.at(-1)).toBe('release');
      const renewals = door.orders.length;
      await pass(minutes(5));
      expect(door.orders).toHaveLength(renewals);
      expect(door.modes).toEqual(['normal by start', 'free-passage by schedule', 'normal by schedule']);
      expect(shown()).toEqual(['normal', 'free-passage', 'normal']);
    });

    it('is not shortened by who types a code: the hold begins anew, and nothing is sold', async () => {
      await begin(monday(9), { schedules: [market] });
      await pass(seconds(6));
      door.type('111111#');
      await pass(seconds(9));
      expect(door.orders).toEqual(['hold', 'hold']);
      await pass(seconds(1));
      expect(door.orders).toEqual(['hold', 'hold', 'hold']);
      expect(door.touches).toEqual([{ event: 'opening', unbillable: 'free-passage', pseudonym: null }]);
    });

    it('raises no alarm for people and a propped leaf, until it has ended', async () => {
      await begin(monday(17, 50), { schedules: [market] });
      door.tell({ type: 'contact', open: true, isFirst: false });
      await pass(minutes(10));
      expect(door.alarms).toEqual([]);
      await pass(seconds(30));
      expect(door.alarms).toEqual(['held-open']);
    });

    it('begins anew when the hardware comes back, and is tried again when it did not answer', async () => {
      await begin(monday(9), { schedules: [market] });
      door.tell({ type: 'online', online: false });
      door.hardware.online = false;
      await pass(minutes(1));
      expect(door.orders).toEqual(['hold']);
      door.hardware.online = true;
      door.hardware.obeyed = 'maybe';
      door.tell({ type: 'online', online: true });
      await pass(seconds(1));
      expect(door.orders).toEqual(['hold', 'hold', 'hold']);
      expect(shown().at(-1)).toBe('free-passage');
    });

    it('ends when nobody knows the time any more', async () => {
      await begin(monday(9), { schedules: [market] });
      door.quality = 'turned-back';
      await pass(minutes(1));
      expect(door.modes.at(-1)).toBe('normal by clock');
      expect(door.orders.at(-1)).toBe('release');
      door.quality = 'holdover';
      await pass(seconds(2));
      expect(door.modes.at(-1)).toBe('free-passage by schedule');
    });
  });

  describe('lockdown', () => {
    it('keeps everybody out but emergency, ends a hold at once, and ends by itself', async () => {
      await begin(monday(9), { schedules: [market] });
      door.configure({ schedules: [market], override: byHand('lockdown', monday(9), hours(4)) });
      expect(door.orders).toEqual(['hold', 'release']);
      door.type('111111#');
      door.type('999999#');
      expect(door.refusals).toEqual(['lockdown', 'lockdown']);
      expect(door.hardware.orders).toContainEqual({ order: 'feedback', shown: 'locked-down' });
      door.type('222222#');
      await pass(0);
      expect(door.orders).toEqual(['hold', 'release', 'open']);
      await pass(hours(4));
      expect(door.modes.slice(1)).toEqual(['lockdown by override', 'free-passage by schedule']);
      expect(door.orders.at(-1)).toBe('hold');
    });

    it('lets nobody be locked in: who types a code on the way out goes out', async () => {
      await begin(monday(9), { override: byHand('lockdown', monday(9), hours(4)) });
      door.type('111111#', 'exit');
      await pass(0);
      expect(door.orders).toEqual(['release', 'open']);
      expect(door.touches).toEqual([{ event: 'opening', unbillable: 'exit-button', pseudonym: null }]);
    });

    it('is the property manager’s own, who opens from afar as ever', async () => {
      await begin(monday(9), { override: byHand('lockdown', monday(9), hours(4)) });
      const opening = await door.keeper.openRemotely(
        { entrance: door.entrance, by: 'property' },
        'cmd_1',
        performance.now() + 10_000,
      );
      expect(opening).toMatchObject({ opened: true });
    });

    it('goes on without a clock, for the length that was set', async () => {
      await begin(monday(9), { override: byHand('lockdown', monday(9), hours(4)) });
      door.quality = 'unknown';
      await pass(hours(4) - minutes(1));
      expect(door.mode).toBe('lockdown');
      await pass(minutes(1));
      expect(door.mode).toBe('normal');
    });

    it('does not cut short whom it lets in, however often it has to be secured', async () => {
      await begin(monday(9), {});
      door.hardware.obeyed = 'maybe';
      door.configure({ override: byHand('lockdown', monday(9), hours(4)) });
      await pass(seconds(1) / 2);
      door.type('222222#');
      door.tell({ type: 'online', online: true });
      await pass(seconds(3) - 1);
      expect(door.orders).toEqual(['release', 'open']);
      await pass(1);
      expect(door.orders).toEqual(['release', 'open', 'release']);
    });

    it('secures at once what was released for somebody before it', async () => {
      await begin(monday(9), {});
      door.type('111111#');
      door.configure({ override: byHand('lockdown', monday(9), hours(4)) });
      expect(door.orders).toEqual(['open', 'release']);
    });

    it('secures the lock until the hardware has confirmed it', async () => {
      await begin(monday(9), {});
      door.hardware.obeyed = 'maybe';
      door.configure({ override: byHand('lockdown', monday(9), hours(4)) });
      await pass(seconds(2));
      expect(door.orders).toEqual(['release', 'release', 'release']);
      door.hardware.obeyed = 'yes';
      await pass(seconds(30));
      expect(door.orders).toHaveLength(4);
    });
  });

  it('changes nothing for who reads no new mode in a configuration, and forgets no older order', async () => {
    const override = byHand('lockdown', monday(9), hours(4));
    await begin(monday(9), { override });
    door.quality = 'unknown';
    await pass(hours(2));
    door.configure({ override, openMs: 5_000 });
    expect(door.modes).toEqual(['lockdown by start']);
    await pass(hours(2) - 1);
    expect(door.mode).toBe('lockdown');
    await pass(minutes(1));
    expect(door.mode).toBe('normal');
  });

  describe('a fire', () => {
    it('is told, and the mode begins anew after it', async () => {
      await begin(monday(9), { schedules: [market] });
      door.tell({ type: 'fire', active: true });
      await pass(minutes(2));
      expect([door.state, door.orders]).toEqual(['fire-released', ['hold']]);
      door.tell({ type: 'fire', active: false });
      await pass(0);
      expect([door.state, door.orders]).toEqual(['released', ['hold', 'hold']]);
    });

    it('is followed by the lockdown that was ordered while it burnt', async () => {
      await begin(monday(9), {});
      door.tell({ type: 'fire', active: true });
      door.configure({ override: byHand('lockdown', monday(9), hours(4)) });
      await pass(seconds(5));
      expect(door.orders).toEqual([]);
      door.tell({ type: 'fire', active: false });
      await pass(0);
      expect(door.orders).toEqual(['release']);
    });

    it('is never followed by an order to the lock while it burns, whatever else happens', async () => {
      const acts = {
        burn: () => door.tell({ type: 'fire', active: true }),
        end: () => door.tell({ type: 'fire', active: false }),
        lockDown: () => door.configure({ override: byHand('lockdown', instant(Date.now()), minutes(3)) }),
        setFree: () => door.configure({ override: byHand('free-passage', instant(Date.now()), minutes(3)) }),
        setNormal: () => door.configure({ schedules: [market] }),
        lose: () => {
          door.hardware.online = false;
          door.tell({ type: 'online', online: false });
        },
        find: () => {
          door.hardware.online = true;
          door.tell({ type: 'online', online: true });
        },
        doubt: () => {
          door.hardware.obeyed = 'maybe';
        },
        obey: () => {
          door.hardware.obeyed = 'yes';
        },
        loseTime: () => {
          door.quality = 'unknown';
        },
        push: () => door.tell({ type: 'contact', open: true, isFirst: false }),
      };
      const act = fc.constantFrom(...Object.keys(acts)).map((name) => name as keyof typeof acts);
      const history = fc.array(fc.tuple(act, fc.integer({ min: 0, max: 70_000 })), { maxLength: 25 });
      await fc.assert(
        fc
          .asyncProperty(history, async (happenings) => {
            await begin(monday(8, 58), { schedules: [market] });
            let burns = false;
            for (const [name, afterMs] of happenings) {
              acts[name]();
              burns = name === 'burn' || (burns && name !== 'end');
              await pass(0);
              const before = door.orders.length;
              await pass(afterMs);
              if (!burns) continue;
              expect(door.state).toBe('fire-released');
              expect(door.orders.slice(before)).toEqual([]);
            }
          })
          .afterEach(() => door.keeper.stop()),
        { numRuns: 60 },
      );
    });
  });
});
