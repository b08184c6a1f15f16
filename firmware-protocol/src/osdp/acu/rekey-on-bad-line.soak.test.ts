import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryKeyStore } from '../secure/key-store.ts';
import { faultyLine } from './faulty-line.fixture.ts';
import { OWN_KEY, secureBus, storeWithKeys } from './secure-bus.fixture.ts';
import { SecurePeer } from './secure-peer.fixture.ts';
import type { PeerHabits } from './secure-peer.fixture.ts';

const habits: fc.Arbitrary<PeerHabits> = fc.record({
  dropsChannelOnBadCheck: fc.boolean(),
  naksBadCheck: fc.boolean(),
  ignoresBadMac: fc.boolean(),
  sendsStatusInClear: fc.boolean(),
  refusesProofByStatus: fc.boolean(),
  endsIdleChannel: fc.boolean(),
  acknowledgesKeysetInClear: fc.boolean(),
  enforcesChannel: fc.boolean(),
});
const rates = fc.record({
  drop: fc.double({ min: 0, max: 0.2, noNaN: true }),
  corrupt: fc.double({ min: 0, max: 0.15, noNaN: true }),
  duplicate: fc.double({ min: 0, max: 0.2, noNaN: true }),
});

test('a rotation on a bad line, with whatever device and power cuts of it, leaves a device that is found with a stored key', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      rates,
      habits,
      fc.array(fc.nat(4000), { maxLength: 3 }),
      async (seed, faults, habit, cuts) => {
        const keys = await storeWithKeys(0);
        const peer = new SecurePeer(OWN_KEY, habit);
        const bus = secureBus(keys, { peripherals: [peer] });
        bus.run(300);
        bus.panel.rotateKey(0);
        bus.fault = faultyLine(seed, faults);
        for (const pauseMs of cuts) {
          await bus.runAwaiting(pauseMs);
          peer.cutPower();
        }
        await bus.runAwaiting(500);
        bus.fault = (bytes) => [bytes];
        await bus.runAwaiting(12_000);
        expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'secured' });
        const { current, next } = keys.get(0) ?? {};
        expect([current, next]).toContainEqual(peer.key);
        expect(peer.executed.includes('keyset')).toBe(peer.key !== OWN_KEY);
      },
    ),
    { numRuns: 40 },
  );
});

test('a pairing on a bad line ends with a paired device, or one that is used as before and can be paired again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      rates,
      habits,
      fc.array(fc.nat(3000), { maxLength: 2 }),
      async (seed, faults, habit, cuts) => {
        const keys = new MemoryKeyStore();
        const peer = new SecurePeer(undefined, habit);
        const bus = secureBus(keys, { peripherals: [peer] });
        bus.run(300);
        bus.panel.openPairingWindow(0, bus.nowMs + 4000);
        bus.fault = faultyLine(seed, faults);
        for (const pauseMs of cuts) {
          await bus.runAwaiting(pauseMs);
          peer.cutPower();
        }
        await bus.runAwaiting(5000);
        bus.fault = (bytes) => [bytes];
        await bus.runAwaiting(12_000);
        expect(bus.panel.device(0)?.phase).toBe('online');
        if (keys.get(0)?.current === undefined) {
          bus.panel.openPairingWindow(0, bus.nowMs + 4000);
          await bus.runAwaiting(4000);
        }
        expect(bus.panel.device(0)?.secure).toBe('secured');
        expect(keys.get(0)).toMatchObject({ current: peer.key, next: undefined });
      },
    ),
    { numRuns: 40 },
  );
});
