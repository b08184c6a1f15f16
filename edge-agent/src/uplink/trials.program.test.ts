import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { instant } from '@gatecast/firmware-protocol';
import { documentKinds, type DocumentEnvelope, type DocumentKind } from '@gatecast/firmware-protocol/messages';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { TerminalKeys } from '../store/identity.ts';
import { valueKeys } from '../store/snapshot.ts';
import { isTried } from '../store/trials.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import type { RunOrder } from './trial-run.fixture.ts';

const program = fileURLToPath(new URL('./trial-run.fixture.ts', import.meta.url));
const outcome = z.object({
  versions: z.partialRecord(documentKinds, z.int()),
  trials: z.array(z.tuple([documentKinds, z.object({ version: z.int(), ends: z.int() })])),
  refused: z.array(z.tuple([documentKinds, z.object({ version: z.int(), state: z.string(), reason: z.string() })])),
  /** What the terminal says is wrong with its documents. */
  amiss: z.array(documentKinds),
  reports: z.array(z.record(z.string(), z.unknown())),
  denied: z.string().optional(),
});
type Outcome = z.infer<typeof outcome>;
const reportsOf = ({ reports }: Outcome, kind: DocumentKind) => reports.filter((report) => report['kind'] === kind);

/** A machine that is busy with other tests starts a program in seconds. */
const busyMsMax = 120_000;

describe('a version on trial', { timeout: busyMsMax }, () => {
  const fixture = new TerminalFixture();
  const resident = fixture.unitPin('1203', '739154');
  const furnished = mkdtempSync(join(tmpdir(), 'gatecast-trials-furnished-'));
  let keys: TerminalKeys;
  let dataDir: string;

  /** How the program ended that ran once, and what it said last. */
  const run = async (order: Partial<RunOrder>): Promise<Outcome | 'killed' | 'exited'> => {
    const file = join(dataDir, 'order.json');
    const rest = { dataDir, claim: fixture.claim(), cloud: [], killAt: null, poison: null, revert: null, prove: false };
    writeFileSync(file, JSON.stringify({ ...rest, ...order }));
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    const said = await text(child.stdout);
    const [code, signal] = (await exit) as [number | null, string | null];
    if (signal === 'SIGKILL') return 'killed';
    if (code === 7) return 'exited';
    expect(code).toBe(0);
    return outcome.parse(JSON.parse(said));
  };
  const threeTimes = async (order: Partial<RunOrder>) => [await run(order), await run(order), await run(order)];
  const finished = async (order: Partial<RunOrder>): Promise<Outcome> => {
    const ended = await run(order);
    if (typeof ended === 'string') throw new Error(`the run was ${ended}`);
    return ended;
  };

  const bodyOf = (kind: DocumentKind, mark: number): unknown => {
    const now = instant(1_790_000_000_000);
    switch (kind) {
      case 'config':
        return fixture.config(keys.sealing.publicKey, { openMs: 3_000 + 100 * mark });
      case 'access':
        return fixture.list(keys.sealing.publicKey, [resident, fixture.code(`4815162${mark}`)]);
      case 'plan':
        return {
          zone: 'UTC',
          validFrom: now,
          validTo: now + 1_000 * mark,
          audience: [],
          cells: [],
          house: [],
          notices: [],
        };
      case 'media':
        return { clips: [] };
      case 'notices':
        return { notices: [{ id: 'n', text: String(mark), from: now, to: now + 1 }] };
      case 'software':
        throw new Error('updates prove themselves otherwise');
    }
  };
  const made = (kind: DocumentKind, version: number): DocumentEnvelope =>
    fixture.envelope(kind, version, bodyOf(kind, version));
  const tried = documentKinds.options.filter(isTried);

  beforeAll(async () => {
    keys = await fixture.furnish(furnished, [resident]);
  });
  afterAll(() => rmSync(furnished, { recursive: true }));
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-trials-'));
    cpSync(furnished, dataDir, { recursive: true });
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it.each(tried)(
    'that ends the agent, of %s, gives way to the last good one by itself and is not tried again',
    async (kind) => {
      await finished({ cloud: [made(kind, 2)], prove: true });
      const poison = { kind, version: 3 };
      const cloud = [made(kind, 3)];
      expect(await threeTimes({ cloud, poison })).toEqual(['exited', 'exited', 'exited']);
      const after = await finished({ cloud, poison });
      expect(after.versions[kind]).toBe(2);
      expect(after.refused).toEqual([[kind, { version: 3, state: 'failed', reason: 'ended-the-agent' }]]);
      expect(reportsOf(after, kind)).toMatchObject([
        { kind, version: 3, state: 'failed', reason: 'ended-the-agent', inForce: 2 },
      ]);
      expect(after.amiss).toEqual([kind]);
      const mended = await finished({ cloud: [made(kind, 4)], poison });
      expect(mended.amiss).toEqual([]);
      expect(mended.versions[kind]).toBe(4);
      expect(reportsOf(mended, kind)).toMatchObject([{ kind, version: 4, state: 'applied' }]);
    },
  );

  it('that ends the agent and is the first of its kind leaves none in force, and the agent runs', async () => {
    const cloud = [made('plan', 1)];
    const poison = { kind: 'plan', version: 1 };
    expect(await threeTimes({ cloud, poison })).toEqual(['exited', 'exited', 'exited']);
    const after = await finished({ cloud, poison });
    expect(after.versions).not.toHaveProperty('plan');
    expect(reportsOf(after, 'plan')).toMatchObject([{ kind: 'plan', state: 'failed', inForce: 0 }]);
  });

  it.each(['config', 'access'] as const)(
    'that is the first %s is never taken back on suspicion: without it no door would open',
    async (kind) => {
      const poison = { kind, version: 1 };
      for (let runs = 0; runs < 5; runs += 1) expect(await run({ poison })).toBe('exited');
      const after = await finished({});
      expect([after.versions[kind], after.refused]).toEqual([1, []]);
    },
  );

  it('that was on trial when the power went, however often, is in force', async () => {
    await finished({ cloud: [made('config', 2)], prove: true });
    for (let cuts = 0; cuts < 4; cuts += 1) {
      expect(await run({ cloud: [made('config', 3)], killAt: 'before it is proven', prove: true })).toBe('killed');
      const db = new Database(join(dataDir, 'terminal.db'));
      db.prepare("UPDATE kv SET value = 'another start of the machine' WHERE key = ?").run(valueKeys.running);
      db.close();
    }
    const after = await finished({ cloud: [made('config', 3)], prove: true });
    expect([after.versions.config, after.refused, after.trials]).toEqual([3, [], []]);
  });

  it('is found among others that came with it: only the one that ends the agent is refused', async () => {
    const cloud = [made('config', 2), made('access', 2), made('plan', 1), made('notices', 1), made('media', 1)];
    const poison = { kind: 'notices', version: 1 };
    let last: Outcome | string = '';
    for (let runs = 0; runs < 14 && (typeof last === 'string' || last.versions.plan !== 1); runs += 1) {
      last = await run({ cloud, poison, prove: runs > 0 });
    }
    expect(last).toMatchObject({ versions: { config: 2, access: 2, plan: 1, media: 1 } });
    expect(typeof last === 'string' ? [] : last.refused.map(([kind]) => kind)).toEqual(['notices']);
  });

  it('and tried alone, because it is suspected, holds back no access list: whom that locks out does not come in meanwhile', async () => {
    const both = [made('config', 3), made('plan', 3)];
    await threeTimes({ cloud: both, poison: { kind: 'plan', version: 3 } });
    const after = await finished({ cloud: [made('config', 3), made('access', 2)] });
    expect(after.versions).toMatchObject({ config: 3, access: 2 });
    expect(after.trials).toContainEqual(['config', { version: 3, ends: 3 }]);
  });

  it('that ends the agent, of the access list, keeps the old grants less whom the new one locks out', async () => {
    const list = fixture.list(keys.sealing.publicKey, [fixture.code('48151623')], { deny: [resident.id] });
    const order = { cloud: [fixture.envelope('access', 2, list)], poison: { kind: 'access', version: 2 } };
    expect(await threeTimes(order)).toEqual(['exited', 'exited', 'exited']);
    const after = await finished(order);
    expect(after.versions.access).toBe(1);
    expect(JSON.parse(after.denied ?? '[]')).toEqual([resident.id]);
  });

  describe('when the power goes', () => {
    it.each([
      ['before the commit', 'config'],
      ['while it commits', 'access'],
      ['after the commit', 'plan'],
      ['when it is in force', 'config'],
      ['after the run is noted', 'notices'],
      ['before it is proven', 'media'],
      ['after it is proven', 'access'],
    ] as const)('%s, of %s: it is in force whole or not at all, and taken in the end', async (killAt, kind) => {
      await finished({ cloud: [made(kind, 2)], prove: true });
      expect(await run({ cloud: [made(kind, 3)], prove: true, killAt })).toBe('killed');
      const after = await finished({ cloud: [made(kind, 3)], prove: true });
      expect([after.versions[kind], after.refused, after.trials]).toEqual([3, [], []]);
    });

    it.each([
      ['before it is taken back', 'plan'],
      ['after it is taken back', 'config'],
    ] as const)('%s, of %s: the good one is in force', async (killAt, kind) => {
      await finished({ cloud: [made(kind, 2)], prove: true });
      const order = { cloud: [made(kind, 3)], revert: { kind, version: 3 } };
      expect(await run({ ...order, killAt })).toBe('killed');
      const after = await finished(order);
      expect(after.versions[kind]).toBe(2);
      expect(after.refused).toMatchObject([[kind, { version: 3, state: 'reverted', reason: 'does-not-work' }]]);
      expect(after.amiss).toEqual([kind]);
    });
  });
});
