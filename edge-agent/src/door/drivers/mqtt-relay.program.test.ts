import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { benchDoor, benchHardware } from '../door-bench.fixture.ts';
import type { HardwareEvent } from '../door-controller.ts';
import type { DoorHardware } from '../hardware.ts';
import { relayHardware } from './relay-hardware.fixture.ts';
import { SimulatedRelay } from './relay-sim.fixture.ts';

const soon = { timeout: 10_000, interval: 20 };

describe('a networked relay', () => {
  let relay: SimulatedRelay;
  let hardware: DoorHardware;
  let door: DoorConfig;
  let events: HardwareEvent[];
  let errors: object[];
  const told = (type: HardwareEvent['type']) => events.filter((event) => event.type === type);

  const start = (changes: Partial<typeof relayHardware> = {}) => {
    door = benchDoor({ ...relayHardware, ...changes });
    [events, errors] = [[], []];
    hardware = benchHardware({ mqtt: relay.url }, [door], {
      onHardware: (event) => events.push(event),
      onError: (facts) => errors.push(facts),
    });
    hardware.start();
  };
  const isOnline = (online: boolean) =>
    vi.waitFor(() => expect(hardware.doors.health(door.entrance).online).toBe(online), soon);
  const isReleased = (released: boolean) =>
    vi.waitFor(async () => expect(await relay.state()).toMatchObject({ released }), soon);

  beforeEach(async () => {
    relay = new SimulatedRelay();
    await relay.start();
  });
  afterEach(async () => {
    hardware.stop();
    await relay.stop();
  });

  it('is there also when all that is known of it was said long before', async () => {
    start();
    await isOnline(true);
    const startedMono = performance.now();
    await vi.waitFor(() => expect(performance.now() - startedMono).toBeGreaterThan(10_500), { timeout: 15_000 });
    expect(told('online')).toMatchObject([{ online: true }]);
  });

  it('is told nothing while its broker is away, not even later', async () => {
    start();
    await isOnline(true);
    await relay.tell('broker', false);
    await isOnline(false);
    expect(await hardware.doors.open(door.entrance, 1_000)).toBe('no');
    await relay.tell('broker', true);
    await isOnline(true);
    expect((await relay.state()).commands).toEqual([]);
    expect(await hardware.doors.open(door.entrance, 500)).toBe('yes');
  });

  it('does not obey by what the broker has kept from before', async () => {
    start();
    await isOnline(true);
    await hardware.doors.open(door.entrance, 20_000);
    hardware.stop();
    await relay.tell('mute');
    start();
    await vi.waitFor(() => expect(hardware.doors.status(door.entrance).released).toBe(true), soon);
    expect(await hardware.doors.open(door.entrance, 1_000)).toBe('maybe');
    expect(hardware.doors.health(door.entrance)).toMatchObject({ online: false, timeouts: 1 });
  });

  it('counts as gone after an order without an answer, is tried all the same, and is back with its first word', async () => {
    start({ availability: null });
    await isOnline(true);
    await relay.tell('mute');
    expect(await hardware.doors.open(door.entrance, 500)).toBe('maybe');
    expect(told('online')).toMatchObject([{ online: true }, { online: false }]);
    expect(await hardware.doors.open(door.entrance, 500)).toBe('maybe');
    expect((await relay.state()).commands).toEqual(['open 500', 'open 500']);
    await relay.tell('mute', false);
    await isOnline(true);
    expect(await hardware.doors.open(door.entrance, 500)).toBe('yes');
  });

  it('is secured at once when a broker that stood still delivers an order too late', async () => {
    start();
    await isOnline(true);
    relay.freeze();
    expect(await hardware.doors.open(door.entrance, 20_000)).toBe('maybe');
    await isOnline(false);
    relay.thaw();
    await isOnline(true);
    await vi.waitFor(async () => expect((await relay.state()).commands.at(-1)).toBe('secure'), soon);
    const { released, lastPulseMs } = await relay.state();
    expect(released).toBe(false);
    expect(lastPulseMs ?? 0).toBeLessThan(5_000);
  });

  it('that would stay on if this program died is refused, and the fault is told', async () => {
    start({ openPayload: 'on' });
    expect(told('fault')).toEqual([{ type: 'fault', entrance: door.entrance, active: true }]);
    expect(errors).toMatchObject([{ code: 'untimed-relay', entrance: door.entrance }]);
    expect(await hardware.doors.open(door.entrance, 500)).toBe('no');
    expect(await hardware.doors.hold(door.entrance)).toBe('no');
    expect(told('online')).toEqual([]);
    expect((await relay.state()).commands).toEqual([]);
  });

  describe('that the installer lets this program switch', () => {
    const untimed = { openPayload: 'on', untimedRelay: true };

    it('is switched off first of all, and after each pulse', async () => {
      start(untimed);
      await isOnline(true);
      await vi.waitFor(async () => expect((await relay.state()).commands).toEqual(['secure']), soon);
      expect(await hardware.doors.open(door.entrance, 600)).toBe('yes');
      await isReleased(false);
      const { commands, lastPulseMs } = await relay.state();
      expect(commands).toEqual(['secure', 'on', 'secure']);
      expect(lastPulseMs).toBeGreaterThanOrEqual(550);
      expect(lastPulseMs).toBeLessThan(1_500);
    });

    it('stays on for the whole of a hold when somebody opens in its middle', async () => {
      start(untimed);
      await isOnline(true);
      await vi.waitFor(async () => expect((await relay.state()).commands).toEqual(['secure']), soon);
      await hardware.doors.hold(door.entrance);
      await hardware.doors.open(door.entrance, 100);
      await hardware.doors.open(door.entrance, 100);
      expect((await relay.state()).commands.filter((command) => command === 'secure')).toHaveLength(1);
      expect(await hardware.doors.release(door.entrance)).toBe('yes');
      await isReleased(false);
    });

    it('is switched off when this program stops in the middle of a pulse', async () => {
      start(untimed);
      await isOnline(true);
      await hardware.doors.open(door.entrance, 20_000);
      hardware.stop();
      await isReleased(false);
    });

    it('is switched off at the next start when this program died in the middle of a pulse', async () => {
      start({ openPayload: 'on', untimedRelay: true, securePayload: 'nothing' });
      await isOnline(true);
      await hardware.doors.hold(door.entrance);
      hardware.stop();
      expect(await relay.state()).toMatchObject({ released: true });
      start(untimed);
      await isReleased(false);
    });

    it('is switched off as soon as its broker is back when the pulse ended without it', async () => {
      start(untimed);
      await isOnline(true);
      await hardware.doors.open(door.entrance, 500);
      await relay.tell('broker', false);
      await isOnline(false);
      await relay.tell('broker', true);
      await isReleased(false);
    });

    it('is told until it says that it is off', async () => {
      start(untimed);
      await isOnline(true);
      await hardware.doors.open(door.entrance, 500);
      await relay.tell('mute');
      await vi.waitFor(async () => {
        const { commands } = await relay.state();
        expect(commands.slice(commands.indexOf('on') + 1)).toEqual(['secure', 'secure']);
      }, soon);
    });
  });
});
