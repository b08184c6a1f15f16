import { instant } from '@gatecast/firmware-protocol';
import { documentContext, stopContext, stopPreimage, type StopOrder } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf, signText } from '@gatecast/firmware-protocol/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGenuine, stopOrderIn } from './stop-hint.ts';

const authority = newKeyPair('ed25519');
const pinned = { kid: 'door-1', publicKey: authority.publicKey };
const clips = ['a'.repeat(64), 'b'.repeat(64)];
const at = instant(1_795_000_000_000);

function orderBy(keys = authority, { context = stopContext, kid = 'door-1', said = { clips, at } } = {}): StopOrder {
  const value = signText(privateKeyOf('ed25519', keys.privateKey), context, stopPreimage(said));
  return { ...said, signature: { kid, value } };
}
const payloadOf = (stop: unknown) => Buffer.from(JSON.stringify({ v: 1, kind: 'media', version: 7, stop }));
const isTaken = (payload: Uint8Array) => {
  const order = stopOrderIn(payload);
  return order !== undefined && isGenuine(order, pinned);
};

describe('an order to stop clips', () => {
  it('is taken from the door authority that this terminal has pinned', () => {
    expect(stopOrderIn(payloadOf(orderBy()))).toEqual(orderBy());
    expect(isTaken(payloadOf(orderBy()))).toBe(true);
  });

  it('is taken from nobody else, nor with a signature that was given for something else', () => {
    const forged = [
      orderBy(newKeyPair('ed25519')),
      orderBy(authority, { kid: 'door-2' }),
      orderBy(authority, { context: documentContext }),
      { ...orderBy(), at: instant(at + 1) },
      { ...orderBy(), clips: clips.toReversed() },
      { ...orderBy(), clips: clips.slice(0, 1) },
      { ...orderBy(), clips: [...clips, 'c'.repeat(64)] },
    ];
    expect(forged.map((order) => isTaken(payloadOf(order)))).toEqual(forged.map(() => false));
  });

  it('with any byte changed stops nothing but what it named', () => {
    const genuine = payloadOf(orderBy());
    fc.assert(
      fc.property(fc.nat(genuine.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const changed = Buffer.from(genuine);
        changed[index] = (changed[index] ?? 0) ^ flip;
        const order = stopOrderIn(changed);
        if (!order || !isGenuine(order, pinned)) return;
        expect([order.clips, order.at]).toEqual([clips, at]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not in an ordinary hint, nor in whatever else arrives: that is a reason to ask', () => {
    const asking = [payloadOf(undefined), payloadOf(null), payloadOf({ clips: [], at, signature: {} })];
    expect(asking.map(stopOrderIn)).toEqual([undefined, undefined, undefined]);
    expect(stopOrderIn(Buffer.concat([payloadOf(orderBy()), Buffer.alloc(4_096, ' ')]))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => stopOrderIn(bytes) === undefined));
    fc.assert(fc.property(fc.json(), (json) => stopOrderIn(Buffer.from(json)) === undefined));
  });
});
