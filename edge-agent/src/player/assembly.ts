import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usualMediaTerms, type MediaManifest } from '@gatecast/firmware-protocol/messages';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { diskOf } from '../health/machine.ts';
import { eventAt } from '../door/door-listener.ts';
import { createBrokenClips } from './broken-clips.ts';
import { createHalfHours, type HalfHours } from './half-hours.ts';
import { createMediaCache, type MediaCache } from './media-cache.ts';
import { findProbe } from './panel/find-probe.ts';
import { createPanelWatch, type PanelWatch } from './panel/panel-watch.ts';
import { createPersonalWords, type PersonalWords } from './personal-words.ts';
import { createPlanMemory, type PlanMemory } from './plan-memory.ts';
import type { PlayerMemory } from './player-memory.ts';
import type { PlayerParts } from './player-parts.ts';
import { createPlays, type Plays } from './plays.ts';
import { createProgramme, type Programme } from './programme.ts';
import { createScreenPulses, type ScreenSight } from './screen-pulse.ts';
import type { ProbeAnswers } from './screen-probes.ts';
import { createScreenServer, type ScreenServer } from './screen-server.ts';
import { screenToken } from './screen-token.ts';
import { noisedTouches } from './touch-noise.ts';
import type { StoppedClips } from './stopped-clips.ts';
import { manifestInForce } from './taken-down.ts';
import { createTouches, type Touches } from './touches.ts';

/** The parts of the player, joined. */
export interface Assembly {
  readonly token: string;
  readonly touches: Touches;
  readonly plays: Plays;
  readonly halfHours: HalfHours;
  readonly programme: Programme;
  readonly planMemory: PlanMemory;
  /** What may play, as far as it is here. */
  readonly manifest: () => MediaManifest | undefined;
  readonly media: MediaCache;
  readonly server: ScreenServer;
  readonly sight: ScreenSight;
  readonly panel: PanelWatch;
  readonly words: PersonalWords;
}

/** Makes the parts and joins them; nothing runs yet. */
export async function assemble(parts: PlayerParts, probes: ProbeAnswers, stopped: StoppedClips): Promise<Assembly> {
  const { log, memory } = parts;
  const token = await screenToken(memory);
  const seed = await noiseSeed(memory);
  const page = await pageBuild(parts.screen.pageDir);
  const planMemory = createPlanMemory(memory, log);
  const pulses = createScreenPulses(parts.clock);
  const touches = createTouches(parts);
  // The programme needs the parts that tell it of changes: each reaches the other through a function.
  const changed = () => programme.refresh();
  const manifest = manifestInForce(parts.documents, memory, stopped, log);
  const media = createMediaCache({
    ...parts,
    dir: parts.mediaDir,
    manifest,
    before: () => parts.documents.before('media'),
    terms: () => fetchTermsOf(parts),
    bytesMax: parts.mediaBytesMax,
    freeBytes: async () => (await diskOf(parts.mediaDir)).freeBytes,
    changed,
  });
  const panel = createPanelWatch(parts.clock, log, () => findProbe(parts.screen.panelProbe ?? 'none'));
  const plays = createPlays({
    ...parts,
    panel: (fromMono, toMono) => panel.during(fromMono, toMono),
    windowOf: (touch) => windowOf(touches, touch),
    settled: (made, facts) => programme.settled(made, facts),
  });
  const server: ScreenServer = createScreenServer({
    ...parts,
    ...parts.screen,
    token,
    cached: media.cached,
    state: () => programme.state(),
    report: (report) => plays.report(report),
    pulse: (pulse) => pulses.heard(pulse),
    probes,
    pagesChanged: changed,
  });
  const programme: Programme = createProgramme({
    ...parts,
    memory: planMemory,
    manifest,
    page,
    cached: media.cached,
    broken: createBrokenClips(parts.clock),
    plays,
    isWaiting: (touch) => {
      const window = touches.windowOf(touch);
      return window !== undefined && window.toMono === undefined;
    },
    pages: () => server.pages,
    send: (event, data) => server.send(event, data),
  });
  const words = createPersonalWords(parts);
  const halfHours = createHalfHours({
    ...parts,
    places: () => (parts.documents.current('config')?.doors ?? []).map((door) => ({ ...door, event: eventAt(door) })),
    isPending: (entrance, at) => touches.isPending(entrance, at) || plays.isPending(entrance, at),
    noised: (at, entrance, event, count) => noisedTouches(seed, at, entrance, event, count),
  });
  const shown = { programme, planMemory, manifest, media, server, sight: pulses, panel, words };
  return { token, touches, plays, halfHours, ...shown };
}

/** Each terminal of a fleet begins at its own moment of a common window, always the same. */
function fetchTermsOf({ documents, terminal }: PlayerParts) {
  const { media: terms = usualMediaTerms, zone } = documents.current('config') ?? {};
  return { terms, zone, spread: Number.parseInt(sha256Hex(terminal() ?? '').slice(0, 8), 16) / 2 ** 32 };
}

/** A touch of which nothing is known has no window: nothing counts in it. */
function windowOf(touches: Touches, touch: string) {
  const window = touches.windowOf(touch);
  if (!window) return { fromMono: 0, toMono: 0 };
  return { fromMono: window.opening.startedMono, toMono: window.toMono ?? Infinity };
}

/** The page's document names its scripts by their hashes: it is another with every build. */
async function pageBuild(pageDir: string): Promise<string> {
  const document = await readFile(join(pageDir, 'index.html')).catch(() => '');
  return sha256Hex(document).slice(0, 12);
}

const seedKey = 'player-noise-seed';

async function noiseSeed(memory: PlayerMemory): Promise<Buffer> {
  const known = memory.get(seedKey);
  if (known !== undefined) return Buffer.from(known, 'base64url');
  const seed = randomBytes(32);
  await memory.set(seedKey, seed.toString('base64url'));
  return seed;
}
