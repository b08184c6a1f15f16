import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameSuccessor } from '@gatecast/firmware-protocol/release';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newSigningKey } from './release.fixture.ts';
import { UpdateSite } from './update-site.fixture.ts';

const waitMs = { timeout: 60_000, interval: 50 };

describe('a release that is given to a screen controller', { timeout: 90_000 }, () => {
  let site: UpdateSite;
  beforeEach(async () => {
    site = new UpdateSite();
    await site.start();
  });
  afterEach(() => site.stop());

  const outcome = (document: number) =>
    vi.waitFor(() => {
      const told = site.told().find(({ version }) => version === document);
      expect(told).toBeDefined();
      return told;
    }, waitMs);
  const last = () => site.started().at(-1);

  it('is fetched, switched to, proven and kept, and what is older is refused from then on', async () => {
    site.want(1, (await site.release('1.1.0')).release);
    site.launch();
    expect(await outcome(1)).toEqual({ kind: 'software', version: 1, state: 'applied' });
    expect(site.started()).toEqual(['1.0.0', '1.1.0']);
    expect(site.state()).toMatchObject({ active: 'b', floor: '1.1.0', trial: null });
    await site.cut();
    site.want(2, (await site.release('1.0.5')).release);
    site.launch();
    expect(await outcome(2)).toMatchObject({ state: 'failed', reason: 'older-release' });
    await site.cut();
    site.want(3, (await site.release('1.2.0')).release);
    site.launch();
    expect(await outcome(3)).toMatchObject({ state: 'applied' });
    expect(site.state()).toMatchObject({ active: 'a', floor: '1.2.0' });
  });

  it.each([
    ['whose door stays silent', { door: false }, 'door-silent', 1],
    ['that ends at its start', { starts: 'crashes' }, 'crashed', 3],
  ] as const)('gives way to the one before when it is one %s', async (_, behaviour, reason, starts) => {
    site.want(1, (await site.release('1.1.0', behaviour)).release);
    site.launch();
    expect(await outcome(1)).toMatchObject({ state: 'failed', reason });
    expect(site.started()).toEqual(['1.0.0', ...Array.from({ length: starts }, () => '1.1.0'), '1.0.0']);
    expect(site.state()).toMatchObject({ active: 'a', trial: null });
    expect(site.state()).not.toMatchObject({ floor: '1.1.0' });
  });

  it('that was given up is not tried again, and a later one is', async () => {
    site.want(1, (await site.release('1.1.0', { door: false })).release);
    site.launch();
    await outcome(1);
    await site.cut();
    site.launch();
    await vi.waitFor(() => expect(site.started().filter((version) => version === '1.0.0')).toHaveLength(3), waitMs);
    expect(site.started().filter((version) => version === '1.1.0')).toHaveLength(1);
    await site.cut();
    site.want(2, (await site.release('1.1.1')).release);
    site.launch();
    expect(await outcome(2)).toMatchObject({ state: 'applied' });
  });

  it('is given up by the launcher when it hangs', async () => {
    await site.stop();
    site = new UpdateSite();
    await site.start({ launcherTrialMs: 1_500 });
    site.want(1, (await site.release('1.1.0', { starts: 'hangs' })).release);
    site.launch();
    expect(await outcome(1)).toMatchObject({ state: 'failed', reason: 'trial-timeout' });
    expect(last()).toBe('1.0.0');
  });

  it('may be signed by the successor of the pinned key, and then the old key signs nothing more', async () => {
    const [next, thief] = [newSigningKey(), newSigningKey()];
    const successions = [nameSuccessor(site.key, next)];
    site.want(1, (await site.release('1.1.0', {}, { key: next, successions })).release);
    site.launch();
    expect(await outcome(1)).toMatchObject({ state: 'applied' });
    await site.cut();
    const stolen = [nameSuccessor(site.key, thief)];
    site.want(2, (await site.release('1.2.0', {}, { key: thief, successions: stolen })).release);
    site.launch();
    expect(await outcome(2)).toMatchObject({ reason: 'unknown-update-key' });
    await site.cut();
    site.want(3, (await site.release('1.2.0', {}, { key: next })).release);
    site.launch();
    expect(await outcome(3)).toMatchObject({ state: 'applied' });
  });

  it('leaves the door its agent when the slot in force is damaged', async () => {
    site.want(1, (await site.release('1.1.0')).release);
    site.launch();
    await outcome(1);
    await site.cut();
    writeFileSync(join(site.places.slot('b'), 'package.json'), '{"version":"6.6.6"}');
    site.launch();
    await vi.waitFor(() => expect(last()).toBe('1.0.0'), waitMs);
  });

  it('ends the launcher with a plain answer when there is nothing whole to start', async () => {
    rmSync(site.places.slot('a'), { recursive: true });
    const [status] = (await once(site.launch(), 'exit')) as [number];
    expect(status).toBe(1);
  });
});
