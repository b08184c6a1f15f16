import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError, instant, systemClock, type InstantMs } from '@gatecast/firmware-protocol';
import type { DoorStanding, DownloadTerms, Reported } from '@gatecast/firmware-protocol/messages';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArchiveServer, newSigningKey, packRelease, pinOf, type PackedRelease } from './release.fixture.ts';
import { places } from './slots.ts';
import { SoftwareUpdates, type UpdateOptions } from './software-updates.ts';

const noise = randomBytes(300_000);
const freely: DownloadTerms = { window: null, bytesPerSecondMax: null, restartWindow: null };

/** The updates of release 1.0.0 in slot a, in this process; a restart is only noted. */
describe('a release that a terminal is told to run', () => {
  let dir: string;
  let url: string;
  let server: ArchiveServer;
  let updates: SoftwareUpdates | undefined;
  let told: Reported[];
  let restarts: number;
  let doors: DoorStanding[];
  /** What the clock shows; undefined: that of this machine. */
  let now: InstantMs | undefined;
  const key = newSigningKey();
  const at = () => places(dir);

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-updates-'));
    mkdirSync(at().slot('a'), { recursive: true });
    writeFileSync(at().entry('a'), '');
    writeFileSync(join(dir, 'update-keys.json'), pinOf(key));
    server = new ArchiveServer();
    url = await server.start();
    [told, restarts, doors, updates, now] = [[], 0, [], undefined, undefined];
  });
  afterEach(async () => {
    await updates?.stop();
    await server.stop();
    rmSync(dir, { recursive: true });
  });

  const pack = async (more: Parameters<typeof packRelease>[3] = {}, signer = key): Promise<PackedRelease> => {
    const files = { 'gatecast-agent.mjs': 'console.log(1)', 'noise.bin': noise };
    const packed = await packRelease(mkdtempSync(join(dir, 'packed-')), files, signer, more);
    server.archives.set(packed.release.manifest.archive.sha256, packed.archive);
    return packed;
  };
  const options = (): UpdateOptions => ({
    softwareDir: dir,
    slot: 'a',
    keysFile: join(dir, 'update-keys.json'),
    model: 'test-board',
    trialMs: 1_000,
  });
  const give = (
    { release }: Pick<PackedRelease, 'release'>,
    { download = freely, ...change }: Partial<UpdateOptions> & { readonly download?: DownloadTerms } = {},
    isLaunched = true,
  ) => {
    updates = new SoftwareUpdates({
      options: isLaunched ? { ...options(), ...change } : undefined,
      documents: {
        current: (kind) => (kind === 'software' ? { release, download } : { zone: 'Asia/Shanghai' }) as never,
        version: () => 1,
        onChange: () => () => undefined,
      },
      clock: { mono: () => systemClock.mono(), now: () => now ?? systemClock.now() },
      log: pino({ level: 'silent' }),
      agentVersion: '1.0.0',
      fetchArchive: (sha256, fromByte, signal) =>
        fetch(`${url}/${sha256}`, { signal, headers: fromByte > 0 ? { range: `bytes=${fromByte}-` } : {} }).catch(
          (cause: unknown) => {
            throw new DomainError('cloud-unreachable', 'no answer', {}, { cause });
          },
        ),
      vitals: () => ({ doors: [], screen: true, uplink: true }),
      doors: () => doors,
      tell: async (report) => told.push(report) > 0,
      restart: () => void (restarts += 1),
    });
    updates.start();
  };
  const switched = () => vi.waitFor(() => expect(restarts).toBe(1));
  const bootState = (): unknown => (existsSync(at().state) ? JSON.parse(readFileSync(at().state, 'utf8')) : undefined);

  it('is unpacked beside what runs, and switched to', async () => {
    const packed = await pack();
    give(packed);
    await switched();
    expect(readFileSync(join(at().slot('b'), 'noise.bin'))).toEqual(noise);
    expect(bootState()).toMatchObject({
      active: 'a',
      floor: null,
      trial: { slot: 'b', version: '1.1.0', document: 1, attempts: 0, before: { screen: true, uplink: true } },
    });
    expect(told).toEqual([]);
  });

  it('goes on where a broken download ended, and fetches no byte twice', async () => {
    const packed = await pack();
    server.breakAfter = 120_000;
    give(packed);
    await switched();
    // The last is whether it is still given.
    const [asked, fetched] = [server.sent.at(-1), server.sent.slice(0, -1)];
    expect(fetched.map(({ from }) => from)).toEqual([0, 120_000, 240_000]);
    expect(fetched.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(packed.archive.length);
    expect(asked).toEqual({ from: packed.archive.length - 1, bytes: 1 });
  });

  it('waits until nobody is at a door, and for the end of a fire alarm', async () => {
    doors = [
      { entrance: 'entr_00000000000000000001', online: true, state: 'fire-released', mode: 'normal', readers: [] },
    ];
    give(await pack());
    await vi.waitFor(() => expect(existsSync(join(at().slot('b'), '.release.json'))).toBe(true));
    expect([restarts, bootState()]).toEqual([0, undefined]);
    doors = [];
    await switched();
  });

  it('restarts for it only in the window in which it may, however quiet it is before', async () => {
    now = instant(Date.UTC(2026, 10, 22, 8));
    give(await pack(), { download: { ...freely, restartWindow: { fromMinute: 120, toMinute: 300 } } });
    await vi.waitFor(() => expect(existsSync(join(at().slot('b'), '.release.json'))).toBe(true));
    expect([restarts, bootState()]).toEqual([0, undefined]);
    now = instant(Date.UTC(2026, 10, 22, 19));
    await switched();
  });

  it('is not switched to when it was taken back while it waited for its moment', async () => {
    now = instant(Date.UTC(2026, 10, 22, 8));
    give(await pack(), { download: { ...freely, restartWindow: { fromMinute: 120, toMinute: 300 } } });
    await vi.waitFor(() => expect(existsSync(join(at().slot('b'), '.release.json'))).toBe(true));
    server.archives.clear();
    now = instant(Date.UTC(2026, 10, 22, 19));
    await vi.waitFor(() => expect(server.missed).toBe(1));
    await updates?.stop();
    expect([restarts, bootState(), told]).toEqual([0, undefined, []]);
  });

  const refused = async (reason: string) => {
    await vi.waitFor(() => expect(told).toEqual([{ kind: 'software', version: 1, state: 'failed', reason }]));
    expect([restarts, bootState()]).toEqual([
      0,
      expect.objectContaining({ active: 'a', trial: null, floor: null }) as unknown,
    ]);
  };

  it.each([
    ['for another machine', { model: 'linux-arm64' }, 'wrong-model'],
    ['for later agents', { protocolFloor: 999 }, 'protocol-too-new'],
    ['that leaves out a step', { version: '1.2.0', minFrom: '1.1.0' }, 'step-missing'],
    ['that is older', { version: '0.9.9' }, 'older-release'],
  ] as const)('is refused when it is one %s', async (_, change, reason) => {
    give(await pack(change));
    await refused(reason);
    expect(server.sent).toEqual([]);
  });

  it('is refused when a stranger has signed it', async () => {
    give(await pack({}, newSigningKey()));
    await refused('unknown-update-key');
  });

  it('is refused when it was changed after it was signed', async () => {
    const { release } = await pack();
    give({ release: { ...release, manifest: { ...release.manifest, version: '1.9.0' } } });
    await refused('wrong-signature');
  });

  it('is refused when its archive came damaged', async () => {
    const packed = await pack();
    const damaged = Buffer.from(packed.archive);
    damaged.writeUInt8(damaged.readUInt8(5_000) ^ 1, 5_000);
    server.archives.set(packed.release.manifest.archive.sha256, damaged);
    give(packed);
    await refused('archive-damaged');
  });

  it('is refused when its archive has more than was signed', async () => {
    const packed = await pack();
    server.archives.set(packed.release.manifest.archive.sha256, Buffer.concat([packed.archive, Buffer.from('more')]));
    give(packed);
    await refused('archive-too-long');
  });

  it('is refused when it holds other files than it says', async () => {
    const { files } = (await pack()).release.manifest;
    give(await pack({ files: files.map((file) => ({ ...file, sha256: 'a'.repeat(64) })) }));
    await refused('files-differ');
  });

  it('is refused when the disk has no room for it', async () => {
    give(await pack(), { freeBytes: async () => 64 * 1024 * 1024 });
    await refused('not-enough-space');
    expect(server.sent).toEqual([]);
  });

  it('is refused where no update key was pinned', async () => {
    rmSync(join(dir, 'update-keys.json'));
    give(await pack());
    await refused('no-update-keys');
  });

  it('is refused by an agent that nothing could start from another slot', async () => {
    give(await pack(), {}, false);
    await vi.waitFor(() => expect(told).toMatchObject([{ state: 'failed', reason: 'updates-unsupported' }]));
  });

  it('counts as applied when it runs already', async () => {
    give(await pack({ version: '1.0.0' }));
    await vi.waitFor(() => expect(told).toEqual([{ kind: 'software', version: 1, state: 'applied' }]));
    expect(restarts).toBe(0);
  });
});
