import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaManifest, Plan } from '@gatecast/firmware-protocol/messages';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../uplink/probation.ts';
import { playerChecks } from './document-checks.ts';
import type { ClipFailure } from './media-cache.ts';
import { clipPath } from './media-file.ts';
import { neighbourhoodPlan } from './plan.fixture.ts';
import { clipOf, manifestOf } from './player.fixture.ts';

const box = (type: string, content: Buffer = Buffer.alloc(0)): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
};
const clipBytes = Buffer.concat([box('ftyp'), box('moov', Buffer.from('..avc1..')), box('mdat', Buffer.alloc(9))]);

const house = 'a'.repeat(64);
const paid = 'b'.repeat(64);
const clip = (sha256: string) => ({ ...clipOf(Buffer.of(1)).clip, sha256 });

describe('a version of what the screen shows', () => {
  const screen = { presenting: true, wanted: true, pages: 1, broken: false };
  const cached = new Set<string>();
  const failures = new Map<string, ClipFailure>();
  let manifest: MediaManifest;
  let plan: Plan;
  let mediaDir: string;

  beforeEach(async () => {
    mediaDir = await mkdtemp(join(tmpdir(), 'gatecast-checks-'));
    Object.assign(screen, { presenting: true, wanted: true, pages: 1, broken: false });
    cached.clear();
    failures.clear();
    manifest = manifestOf(clip(house), clip(paid));
    plan = neighbourhoodPlan([], { house: [{ clip: house, segment: 'all' }] });
  });
  afterEach(() => rm(mediaDir, { recursive: true }));

  const judged = async (kind: 'plan' | 'notices' | 'media', change: () => void): Promise<Verdict | undefined> => {
    const checks = playerChecks({
      player: () => ({
        sight: { isPresenting: () => screen.presenting, lastFrameAt: () => null },
        programme: {
          state() {
            if (screen.broken) throw new TypeError('no cell');
            return { ambient: screen.wanted ? {} : null };
          },
        },
        media: { cached, failures },
        server: { pages: screen.pages },
      }),
      mediaDir,
      plan: () => plan,
      manifest: () => manifest,
    });
    const judge = checks[kind]?.();
    change();
    return judge?.();
  };

  it.each<[string, object, object, Verdict]>([
    ['is good while frames go on', {}, {}, 'good'],
    ['is taken back when frames stop', {}, { presenting: false }, { fault: 'screen-went-dark' }],
    [
      'is taken back when the page goes',
      {},
      { presenting: false, wanted: false, pages: 0 },
      { fault: 'screen-went-dark' },
    ],
    ['is taken back when nothing can be chosen', {}, { broken: true }, { fault: 'cannot-choose' }],
    ['may want nothing to be shown', {}, { presenting: false, wanted: false }, 'good'],
    ['is not to blame for a screen that was dark', { presenting: false }, {}, 'good'],
  ])('%s', async (_what, before, after, verdict) => {
    Object.assign(screen, before);
    expect(await judged('plan', () => Object.assign(screen, after))).toEqual(verdict);
  });

  const lies = async (sha256: string, bytes: Buffer) => {
    await writeFile(clipPath(mediaDir, sha256), bytes);
    cached.add(sha256);
  };

  it('is good with one house clip that plays, and undecided while files are on their way', async () => {
    expect(await judged('media', () => {})).toBe('undecided');
    await lies(paid, clipBytes);
    expect(await judged('media', () => {})).toBe('undecided');
    await lies(house, clipBytes);
    expect(await judged('media', () => {})).toBe('good');
  });

  it('is taken back when its house clips are no clips, or are never what their names say', async () => {
    await lies(house, Buffer.from('<html>not found</html>'));
    expect(await judged('media', () => {})).toEqual({ fault: 'no-clip-plays' });
    cached.clear();
    failures.set(house, { inARow: 2, code: 'wrong-hash' });
    expect(await judged('media', () => {})).toEqual({ fault: 'no-clip-plays' });
    failures.set(house, { inARow: 9, code: 'unreachable' });
    expect(await judged('media', () => {})).toBe('undecided');
  });

  it('may name no clip at all', async () => {
    manifest = manifestOf();
    expect(await judged('media', () => {})).toBe('good');
  });
});
