import { expect, test } from 'vitest';
import { encodeFrame } from '../frame/frame.ts';
import type { Sequence } from '../frame/frame.ts';
import { NAK } from '../messages/codes.ts';
import type { Reply } from '../messages/replies.ts';
import { encodeReply } from '../messages/replies.ts';
import { OWN_KEY, secureBus, storeWithKeys } from './secure-bus.fixture.ts';
import { SecurePeer } from './secure-peer.fixture.ts';
import type { VirtualBus } from './virtual-bus.fixture.ts';

const refusal: Reply = { kind: 'nak', error: NAK.conditionsNotMet, details: new Uint8Array() };
const SEQUENCES: readonly Sequence[] = [0, 1, 2, 3];

/** Somebody on the wire who has no key says it with each number that may fit. */
function sayInClear(bus: VirtualBus, reply: Reply): void {
  const content = { direction: 'reply', address: 0, check: 'crc', security: undefined, mac: undefined } as const;
  for (const sequence of SEQUENCES) {
    bus.panel.receive(encodeFrame({ ...content, sequence, ...encodeReply(reply) }), bus.nowMs);
  }
}

test.each<Reply>([
  { kind: 'keypad', reader: 0, keys: '6' },
  { kind: 'raw', reader: 0, format: 1, bitCount: 8, bits: Uint8Array.of(6) },
  { kind: 'istatr', inputs: ['inactive', 'active', 'inactive'] },
])('while a channel that somebody has broken is made again, $kind in clear is not believed', async (reply) => {
  const bus = secureBus(await storeWithKeys(0), { peripherals: [new SecurePeer(OWN_KEY)] });
  bus.run(300);
  expect(bus.panel.device(0)?.secure).toBe('secured');
  // The device's wire is cut, and somebody else answers.
  bus.peripherals.length = 0;
  bus.run(100);
  sayInClear(bus, refusal);
  expect(bus.panel.device(0)).toMatchObject({ phase: 'online', secure: 'securing' });
  bus.events.length = 0;
  for (let round = 0; round < 40; round += 1) {
    bus.run(20);
    sayInClear(bus, reply);
  }
  expect(bus.events.filter(({ type }) => ['keypad', 'raw', 'input'].includes(type))).toEqual([]);
});
