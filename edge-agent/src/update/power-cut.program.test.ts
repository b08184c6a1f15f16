import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UpdateSite } from './update-site.fixture.ts';

const waitMs = { timeout: 60_000, interval: 50 };
const powerCut = fileURLToPath(new URL('./power-cut.fixture.ts', import.meta.url));

/** More changes of the file system than an update makes. */
const changesMax = 70;
const cutsPerRun = 8;
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000));

/** Numerical Recipes' linear congruential generator. */
function* numbersFrom(start: number): Generator<number, never> {
  for (let state = start >>> 0; ; yield state / 2 ** 32) state = (state * 1_664_525 + 1_013_904_223) >>> 0;
}

describe(`an update that power cuts interrupt (SEED=${seed})`, { timeout: 180_000 }, () => {
  let site: UpdateSite;
  beforeEach(async () => {
    site = new UpdateSite();
    await site.start();
  });
  afterEach(() => site.stop());

  /** Runs until the power is cut, or until the update is over. */
  const runUntilCut = async (at: number, seen: number): Promise<void> => {
    const ended = once(site.launch({ NODE_OPTIONS: `--import=${powerCut}`, POWER_CUT_AT: String(at) }), 'exit');
    const over = vi.waitFor(() => expect(site.told().length).toBeGreaterThan(0), waitMs).catch(() => undefined);
    await Promise.race([ended, over]);
    await site.cut();
    expect(site.started().length).toBeGreaterThan(seen);
  };

  it('always leaves a slot that starts, and is taken up again until it is done', async () => {
    const random = numbersFrom(seed);
    const cuts = Array.from({ length: cutsPerRun }, () => 1 + Math.floor(random.next().value * changesMax));
    site.want(1, (await site.release('1.1.0')).release);
    for (const at of cuts) {
      if (site.told().length > 0) break;
      // Each start makes changes of its own: a cut in the launcher comes before any agent has started.
      await runUntilCut(at, at < 6 ? site.started().length - 1 : site.started().length);
    }
    site.launch();
    await vi.waitFor(() => expect(site.told()).not.toEqual([]), waitMs);
    const [told] = site.told();
    // Cut three times on trial, a release counts as one that ends by itself.
    if (told?.state === 'failed') expect(told.reason).toBe('crashed');
    const last = told?.state === 'failed' ? '1.0.0' : '1.1.0';
    await vi.waitFor(() => expect(site.started().at(-1)).toBe(last), waitMs);
    expect(site.started().every((version) => version === '1.0.0' || version === '1.1.0')).toBe(true);
    expect(site.state()).toMatchObject({ trial: null });
  });
});
