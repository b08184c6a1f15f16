import { instant, newId } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { holdTouches, settleTouches, slotsTaken } from './store.ts';

const at = instant(1_795_000_000_000 - (1_795_000_000_000 % 1_800_000));
const between = { from: at, to: instant(at + 1) };

describeStores('a half-hour on sale', (its) => {
  it('is never oversold, whoever books, pays or gives back at the same moment', async () => {
    const asks = fc.array(
      fc.record({
        touches: fc.integer({ min: 1, max: 40 }),
        outcome: fc.constantFrom('sold', 'released', 'kept', 'refunded'),
      }),
      { minLength: 1, maxLength: 16 },
    );
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 1, max: 120 }), async (wanted, forecastTouches) => {
        const communityId = newId('community');
        const slot = { communityId, at, forecastTouches };
        const left = await Promise.all(
          wanted.map(async ({ touches, outcome }) => {
            if (!(await its.store.tx((q) => holdTouches(q, slot, touches)))) return 0;
            if (outcome === 'kept') return touches;
            await its.store.tx((q) =>
              settleTouches(q, { ...slot, touches }, outcome === 'released' ? 'released' : 'sold'),
            );
            if (outcome === 'refunded') await its.store.tx((q) => settleTouches(q, { ...slot, touches }, 'refunded'));
            return outcome === 'sold' ? touches : 0;
          }),
        );
        const taken = (await slotsTaken(its.store.read, communityId, between)).get(at) ?? 0;
        expect(taken).toBe(left.reduce((a, b) => a + b, 0));
        expect(taken).toBeLessThanOrEqual(forecastTouches);
      }),
      { numRuns: 25 },
    );
  });

  it('sells to the last touch: of many who want one each, exactly as many get it as there are', async () => {
    const slot = { communityId: newId('community'), at, forecastTouches: 5 };
    const got = await Promise.all(Array.from({ length: 20 }, () => its.store.tx((q) => holdTouches(q, slot, 1))));
    expect(got.filter(Boolean)).toHaveLength(5);
  });

  it('follows a falling forecast without taking back what is sold', async () => {
    const slot = { communityId: newId('community'), at, forecastTouches: 10 };
    expect(await its.store.tx((q) => holdTouches(q, slot, 8))).toBe(true);
    expect(await its.store.tx((q) => holdTouches(q, { ...slot, forecastTouches: 6 }, 1))).toBe(false);
    expect((await slotsTaken(its.store.read, slot.communityId, between)).get(at)).toBe(8);
  });
});
