import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, days, hours, manualClock, minutes, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { playRows } from '@gatecast/firmware-protocol/messages';
import { createHalfHours } from './half-hours.ts';
import { at, entrance } from './plan.fixture.ts';
import { journalInMemory, memoryInMemory, silentLog } from './player.fixture.ts';
import { noisedTouches } from './touch-noise.ts';

const gate = { entrance, placement: 'gate', event: 'opening' } as const;

function terminal(start: InstantMs, memory = memoryInMemory()) {
  const clock = manualClock(start);
  const journal = journalInMemory();
  let pending = false;
  let disk = () => Promise.resolve();
  const halfHours = createHalfHours({
    clock,
    log: silentLog,
    journal: { append: (row) => disk().then(() => journal.append(row)) },
    memory,
    places: () => [gate],
    isPending: () => pending,
    noised: (_at, _entrance, _event, count) => (count < 10 ? null : count),
  });
  return {
    clock,
    memory,
    touch: (times = 1) => {
      for (let n = 0; n < times; n += 1) halfHours.touched(gate, clock.now());
    },
    close: () => halfHours.close(),
    setDisk: (next: () => Promise<void>) => (disk = next),
    setPending: (is: boolean) => (pending = is),
    closed: () => journal.of('half-hour').map((row) => [row['at'], row['touches']]),
    rows: () => journal.of('half-hour'),
  };
}

describe('a half-hour', () => {
  it('is closed once, a moment after its end, with its touches', async () => {
    const t = terminal(at('07:40'));
    t.touch(12);
    await t.close();
    expect(t.closed()).toEqual([]);
    t.clock.set(after(at('08:00'), seconds(2)));
    await t.close();
    await t.close();
    expect(t.closed()).toEqual([[at('07:30'), { opening: 12 }]]);
    expect(playRows['half-hour'].safeParse(t.rows()[0]).success).toBe(true);
  });

  it('says nothing of fewer than ten', async () => {
    const t = terminal(at('07:40'));
    t.touch(9);
    t.clock.set(at('08:01'));
    await t.close();
    expect(t.closed()).toEqual([[at('07:30'), { opening: null }]]);
  });

  it('waits for a play that is not in the journal yet', async () => {
    const t = terminal(at('07:59'));
    t.touch(10);
    t.setPending(true);
    t.clock.set(at('08:05'));
    await t.close();
    expect(t.closed()).toEqual([]);
    t.setPending(false);
    await t.close();
    expect(t.closed()).toEqual([[at('07:30'), { opening: 10 }]]);
  });

  it('is closed when the clock is moved forward, like all those that it jumped over', async () => {
    const t = terminal(at('07:40'));
    await t.close();
    t.touch(11);
    t.clock.set(at('09:31'));
    await t.close();
    await t.close();
    expect(t.closed()).toEqual([
      [at('07:30'), { opening: 11 }],
      [at('08:00'), { opening: null }],
      [at('08:30'), { opening: null }],
      [at('09:00'), { opening: null }],
    ]);
  });

  it('is closed at the next start if the terminal was off at its end', async () => {
    const before = terminal(at('07:40'));
    await before.close();
    before.touch(15);
    const later = terminal(after(at('07:40'), hours(1)), before.memory);
    await later.close();
    expect(later.closed()).toEqual([
      [at('07:30'), { opening: 15 }],
      [at('08:00'), { opening: null }],
    ]);
  });

  it('is not closed for more than the days of a plan after a long time off', async () => {
    const before = terminal(at('07:40'));
    await before.close();
    const later = terminal(after(at('07:40'), days(30)), before.memory);
    await later.close();
    expect(later.closed()).toHaveLength(7 * 48);
  });

  it('comes again when the clock is set back, and is closed with the touches since', async () => {
    const t = terminal(at('07:40'));
    await t.close();
    t.touch(10);
    t.clock.set(at('08:01'));
    await t.close();
    t.clock.set(at('07:45'));
    await t.close();
    t.touch(12);
    t.clock.set(at('08:01'));
    await t.close();
    expect(t.closed()).toEqual([
      [at('07:30'), { opening: 10 }],
      [at('07:30'), { opening: 12 }],
    ]);
  });

  it('is tried again when the journal took nothing', async () => {
    const t = terminal(at('07:40'));
    t.touch(10);
    t.clock.set(at('08:01'));
    t.setDisk(() => Promise.reject(new Error('the disk is full')));
    await expect(t.close()).rejects.toThrow('the disk is full');
    t.setDisk(() => Promise.resolve());
    await t.close();
    expect(t.closed()).toEqual([[at('07:30'), { opening: 10 }]]);
  });

  it('without anybody at the door is closed too', async () => {
    const t = terminal(at('03:10'));
    await t.close();
    t.clock.set(at('03:31'));
    await t.close();
    t.clock.set(at('04:01'));
    await t.close();
    expect(t.closed()).toEqual([
      [at('03:00'), { opening: null }],
      [at('03:30'), { opening: null }],
    ]);
  });
});

describe('the noise on a count', () => {
  const secret = Buffer.alloc(32, 1);

  it('is the same however often one asks, and differs by secret', () => {
    const counts = (key: Buffer) => [100, 101, 102].map((n) => noisedTouches(key, at('07:30'), entrance, 'opening', n));
    expect(counts(secret)).toEqual(counts(secret));
    const many = (key: Buffer) =>
      Array.from({ length: 40 }, (_, n) =>
        noisedTouches(key, after(at('07:30'), minutes(30 * n)), entrance, 'opening', 50),
      );
    expect(many(secret)).not.toEqual(many(Buffer.alloc(32, 2)));
  });

  it('never tells of fewer than ten, whatever the secret, before or after it was added', () => {
    const anyNoise = fc.tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(100_000));
    const told = (key: Uint8Array, n: number, count: number) =>
      noisedTouches(key, after(at('00:00'), minutes(30 * n)), entrance, 'opening', count);
    fc.assert(
      fc.property(anyNoise, fc.nat(9), ([key, n], few) => {
        expect(told(key, n, few)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(anyNoise, fc.integer({ min: 10, max: 40 }), ([key, n], many) => {
        expect(told(key, n, many) ?? 10).toBeGreaterThanOrEqual(10);
      }),
    );
  });

  it('is small and without bias', () => {
    const noise = Array.from(
      { length: 2_000 },
      (_, n) => (noisedTouches(secret, after(at('00:00'), minutes(30 * n)), entrance, 'opening', 1_000) ?? 0) - 1_000,
    );
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(Math.max(...noise.map(Math.abs))).toBeLessThan(20);
    expect(new Set(noise).size).toBeGreaterThan(4);
  });
});
