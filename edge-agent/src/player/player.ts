import { mkdir } from 'node:fs/promises';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { DocumentKind, ScreenStanding } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import type { DoorListener } from '../door/door-listener.ts';
import type { HealthCheck } from '../uplink/probation.ts';
import { adviceFor } from './advice.ts';
import { assemble, type Assembly } from './assembly.ts';
import { playerChecks } from './document-checks.ts';
import { forgetOthers, forgetPast } from './frequency-cap.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { PlayerParts } from './player-parts.ts';
import { createScreenProbes, type ScreenProbes } from './screen-probes.ts';
import { createStoppedClips, type StoppedClips } from './stopped-clips.ts';

export type { PlayerParts } from './player-parts.ts';

export interface Player {
  /** Resolves with the kiosk's URL once the screen server listens; rejects if its port is taken. */
  start(): Promise<{ readonly url: string }>;
  /** Ends windows and plays and journals them. Call it before the journal and the memory stop. Idempotent. */
  stop(): Promise<void>;
  /** For the door. Before `start` and after `stop` it does nothing. */
  readonly listener: DoorListener;
  /** What a page last told of the screen; nothing before `start` and after `stop`. */
  readonly screen: () => { readonly connected: boolean; readonly lastFrameAt: InstantMs | null };
  /** For whoever looks at all screens; undefined before `start` and after `stop`. */
  readonly standing: () => ScreenStanding | undefined;
  /** Asks the pages; before `start` and after `stop` there is none. */
  readonly probes: ScreenProbes;
  /** Takes orders to stop files that are known to be genuine, at any time: what plays stops in the middle. */
  readonly stopped: Pick<StoppedClips, 'isKnown' | 'stop'>;
  /** How a version of the player's documents is known to work. */
  readonly checks: Readonly<Partial<Record<DocumentKind, HealthCheck>>>;
}

interface Running extends Assembly {
  readonly tick: NodeJS.Timeout;
  readonly unsubscribe: () => void;
}

/** How soon the screen notices a new hour, and a half-hour is closed. */
const tickMs = 1_000;

/** Everything behind the screen: choice, clips, page, proof of play. */
export function createPlayer(parts: PlayerParts): Player {
  let running: Running | undefined;
  const probes = createScreenProbes({
    pages: () => running?.server.pages ?? 0,
    send: (event, data) => running?.server.send(event, data),
  });
  const stopped = createStoppedClips(parts.memory, parts.log);
  return {
    probes,
    stopped: {
      isKnown: (order) => stopped.isKnown(order),
      stop(order) {
        stopped.stop(order);
        if (running) lookAgain(parts.log, running);
      },
    },
    listener: listenerOf(parts.log, () => running),
    screen: () => ({
      connected: (running?.server.pages ?? 0) > 0,
      lastFrameAt: running?.sight.lastFrameAt() ?? null,
    }),
    standing: () => running && standingOf(running),
    checks: playerChecks({
      player: () => running,
      mediaDir: parts.mediaDir,
      plan: () => parts.documents.current('plan'),
      manifest: () => running?.manifest(),
    }),
    async start() {
      await mkdir(parts.mediaDir, { recursive: true });
      const assembly = await assemble(parts, probes, stopped);
      const port = await assembly.server.start();
      assembly.media.start();
      // The first word over CEC may take seconds; the screen does not wait for it.
      assembly.panel.start().catch((err: unknown) => parts.log.error({ err }, 'the panel cannot be read'));
      running = run(parts, assembly);
      return { url: `http://127.0.0.1:${port}/?token=${assembly.token}` };
    },
    async stop() {
      const stopping = running;
      running = undefined;
      if (stopping) await wind(stopping);
    },
  };
}

/** What may play has changed. */
function lookAgain(log: Logger, { media, programme, words }: Assembly): void {
  media.refresh();
  words.forget();
  guard(log, () => programme.refresh());
}

function run({ log, clock, documents }: PlayerParts, assembly: Assembly): Running {
  const { programme, halfHours, planMemory, words } = assembly;
  const turn = () => {
    guard(log, () => programme.refresh());
    guard(log, () => words.forget());
    // What somebody has seen is kept for its time and no longer, whether or not anybody comes.
    planMemory.keep(forgetPast(planMemory.state, clock.now()));
    halfHours.close().catch((err: unknown) => log.error({ err }, 'a half-hour could not be closed'));
  };
  const tick = setInterval(turn, tickMs);
  tick.unref();
  const unsubscribe = documents.onChange(() => lookAgain(log, assembly));
  turn();
  return { ...assembly, tick, unsubscribe };
}

async function wind({ tick, unsubscribe, media, server, touches, plays, planMemory, panel }: Running): Promise<void> {
  clearInterval(tick);
  panel.stop();
  unsubscribe();
  await Promise.all([server.stop(), media.stop()]);
  await touches.finish();
  await plays.finish();
  await planMemory.settle();
}

function standingOf({ programme, server, sight }: Running): ScreenStanding {
  const { notices, muted } = programme.state();
  const onAir = programme.onAir();
  const shown = { clip: onAir?.clip ?? null, since: onAir?.startedAt ?? null, muted };
  if (server.pages === 0) return { ...shown, state: 'absent' };
  if (notices.some(({ level }) => level === 'emergency')) return { ...shown, state: 'emergency' };
  if (!onAir) return { ...shown, state: 'still' };
  return { ...shown, state: sight.isPresenting() ? 'playing' : 'dark' };
}

/** The door must not suffer from a fault of the screen. */
function guard(log: Logger, act: () => void): void {
  try {
    act();
  } catch (err) {
    log.error({ err }, 'the player failed');
  }
}

function forgetOthersIn(memory: PlanMemory, optedIn: ReadonlySet<string>): void {
  memory.keep(forgetOthers(memory.state, optedIn));
}

/** More dots than this fit on no screen. */
const dotsMax = 16;

function listenerOf(log: Logger, running: () => Running | undefined): DoorListener {
  const whenRunning = (act: (player: Running) => void) => {
    const player = running();
    if (player) guard(log, () => act(player));
  };
  return {
    opened: (opening) =>
      whenRunning(({ touches, halfHours, programme, server, words }) => {
        touches.opened(opening);
        if (opening.unbillable === null) halfHours.touched(opening, opening.startedAt);
        programme.opened(opening);
        server.send('door', { kind: 'opened', word: words.for(opening) });
        programme.refresh();
      }),
    refused: (_entrance, reason) =>
      whenRunning(({ server }) => server.send('door', { kind: 'refused', advice: adviceFor[reason] })),
    help: () => whenRunning(({ server }) => server.send('door', { kind: 'help' })),
    optedIn: (pseudonyms) => whenRunning(({ planMemory }) => forgetOthersIn(planMemory, pseudonyms)),
    contact: (entrance, open) => whenRunning(({ touches }) => touches.contact(entrance, open)),
    typing: (_entrance, characters) =>
      whenRunning(({ server }) => server.send('door', { kind: 'typing', dots: Math.min(characters, dotsMax) })),
  };
}
