import { systemClock } from '@gatecast/firmware-protocol';
import { describe, expect, it, vi } from 'vitest';
import { benchDoor, benchHardware } from './door-bench.fixture.ts';
import { createHardware } from './hardware.ts';

describe('hardware that this terminal has no link to', () => {
  const inputs = { contactInput: null, exitInput: null, fireInput: null };
  const door = benchDoor({ kind: 'modbus', unit: 1, lockRelay: 0, flashOn: true, untimedRelay: false, ...inputs });
  const { entrance } = door;

  it('obeys nothing, counts as offline, and is told once in the log', async () => {
    const errors: object[] = [];
    const hardware = benchHardware({}, [door], {
      onError: (facts) => errors.push(facts),
    });
    hardware.start();
    const { doors, lifts, readers } = hardware;
    expect(await doors.open(entrance, 1_000)).toBe('no');
    expect(await doors.hold(entrance)).toBe('no');
    expect(await doors.release(entrance)).toBe('no');
    expect(await lifts.call(entrance)).toBe('no');
    expect(await lifts.releaseFloors(entrance, 'all')).toBe('no');
    expect(doors.health(entrance).online).toBe(false);
    expect(doors.status(entrance)).toEqual({ released: null, open: null, fire: null, tampered: null });
    expect(readers.wires(entrance)).toEqual([]);
    expect(readers.pair(entrance, 1_000)).toBe(false);
    expect(errors).toEqual([{ code: 'door-not-linked', entrance, hardware: 'modbus' }]);
    hardware.stop();
  });

  it('is told once to be away, when it has had time to come up', () => {
    vi.useFakeTimers();
    const events: object[] = [];
    const hardware = benchHardware({}, [door], { onHardware: (event) => events.push(event) });
    hardware.start();
    vi.advanceTimersByTime(9_999);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(events).toEqual([{ type: 'online', entrance, online: false }]);
    hardware.stop();
    vi.useRealTimers();
  });

  it('opens no line that nothing hangs on', () => {
    let opened = 0;
    const connect = () => {
      opened += 1;
      return Promise.reject(new Error('nobody listens here'));
    };
    const ignore = () => {};
    const hardware = createHardware({
      links: { osdp: { connect, baud: 9_600 } },
      clock: systemClock,
      doors: [door],
      onHardware: ignore,
      onReader: ignore,
      log: { warn: ignore, error: ignore },
    });
    hardware.start();
    hardware.stop();
    expect(opened).toBe(0);
  });
});
