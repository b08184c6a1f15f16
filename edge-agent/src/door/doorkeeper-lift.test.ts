import { instant } from '@gatecast/firmware-protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doorOf, KeptDoor } from './doorkeeper.fixture.ts';
import { credentialOf } from './right.fixture.ts';

describe('a lift', () => {
  const resident = credentialOf({ floors: [3, 4] });
  const guest = credentialOf({ person: 'visitor' });
  const lift = { floors: [{ floor: 3, relay: 1 }], releaseMs: 8_000 };
  let door: KeptDoor;

  beforeEach(async () => {
    vi.useFakeTimers();
    door = new KeptDoor(doorOf({ placement: 'lift', lift }), { '111111': resident, '555555': guest }).start();
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    door.keeper.stop();
    vi.useRealTimers();
  });

  it('is called, and frees the floors of who called it', async () => {
    door.type('111111#');
    expect(door.hardware.orders.slice(-2)).toEqual([{ order: 'call' }, { order: 'floors', floors: [3, 4] }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(door.touches).toEqual([{ event: 'lift-call', unbillable: null, pseudonym: null }]);
    expect(door.rows.at(-1)?.kind).toBe('opened');
  });

  it('is called for who has no floors of their own, and from afar', async () => {
    door.type('555555#');
    await door.keeper.openRemotely({ entrance: door.entrance, by: 'property' }, 'cmd_1', performance.now() + 10_000);
    expect(door.orders).toEqual(['call', 'call']);
  });

  it('comes for nobody whom it does not know, and says when it is not there', async () => {
    door.type('999999#');
    door.hardware.obeyed = 'no';
    door.type('111111#');
    await vi.advanceTimersByTimeAsync(0);
    expect(door.refusals).toEqual(['unknown-code', 'door-offline']);
  });

  it('rides for everybody in free passage, before the buttons rest again', async () => {
    const now = Date.now();
    door.configure({ override: { mode: 'free-passage', from: instant(now), to: instant(now + 60_000) } });
    await vi.advanceTimersByTimeAsync(8_000);
    expect(door.orders).toEqual(['floors', 'floors', 'floors']);
  });
});
