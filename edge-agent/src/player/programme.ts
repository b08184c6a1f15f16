import { halfHourOf, newId, type Id, type InstantMs } from '@gatecast/firmware-protocol';
import { holdoutDraw } from '@gatecast/firmware-protocol/node';
import type {
  MediaClip,
  MediaManifest,
  PostedNotice,
  ScreenEnrolment,
  ScreenEvents,
  ScreenState,
  TerminalConfig,
} from '@gatecast/firmware-protocol/messages';
import { eventAt, type Opening } from '../door/door-listener.ts';
import { ambientClip, ambientTurnOf, choose, giveBack, type Choice } from './choose.ts';
import type { BrokenClips } from './broken-clips.ts';
import { aged, decide, type Chosen, type DecisionParts, type OnScreen } from './decisions.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { PlayerDocuments } from './player-documents.ts';
import type { PlayFacts } from './play-facts.ts';
import type { MadeDecision, Plays } from './plays.ts';
import { qrSvg } from './qr-code.ts';
import { surroundings } from './screen-state.ts';

/** What is on the screen: a chosen clip at an opening, the hour's house clip otherwise. */
export interface Programme {
  /** Chooses for an opening and tells the screen. */
  opened(opening: Opening): void;
  /** What became of a decision: a campaign that nobody could see is owed its play again. */
  settled(made: MadeDecision, facts: PlayFacts): void;
  /** Brings the screen up to date with the hour, the documents and the clips. */
  refresh(): void;
  state(): ScreenState;
  /** What was chosen last and is not over; undefined: nothing. */
  onAir(): MadeDecision | undefined;
}

export interface ProgrammeParts extends DecisionParts {
  readonly memory: PlanMemory;
  readonly enrolment: () => ScreenEnrolment | null;
  /** Names the build of the page that is served. */
  readonly page: string;
  readonly cached: ReadonlySet<string>;
  readonly broken: BrokenClips;
  readonly manifest: () => MediaManifest | undefined;
  /** The latest moment that was ever trusted; undefined: none. */
  readonly provenNow: () => InstantMs | undefined;
  readonly plays: Pick<Plays, 'made' | 'superseded'>;
  /** The touch's window is open: whoever made it is still there. */
  readonly isWaiting: (touch: string) => boolean;
  /** How many pages are connected; without one nothing ambient is on. */
  readonly pages: () => number;
  readonly send: <E extends keyof ScreenEvents>(event: E, data: ScreenEvents[E]) => void;
}

/** What the programme holds between two calls. */
interface Running {
  ambient: OnScreen | undefined;
  touch: OnScreen | undefined;
  /** Where the last opening was: the next is likely to be there too. */
  last: Pick<Opening, 'entrance' | 'event'> | undefined;
  /** Somebody who has called a lift, and what they were shown so far. */
  liftWait: LiftWait | undefined;
  /** The code for complaints, drawn once for its address. */
  complaint: { readonly url: string; readonly svg: string } | undefined;
  /** The last state told, to tell only changes. */
  told: string;
}

interface LiftWait {
  readonly opening: Opening;
  readonly shown: readonly Choice[];
  /** The last of them, and when it comes to its end on the screen. */
  readonly last: MadeDecision;
  readonly endsMono: number;
}

export function createProgramme(parts: ProgrammeParts): Programme {
  const running: Running = {
    ambient: undefined,
    touch: undefined,
    last: undefined,
    liftWait: undefined,
    complaint: undefined,
    told: '',
  };
  const stateNow = () => stateOf(parts, running);
  return {
    opened: (opening) => open(parts, running, opening),
    settled(made, facts) {
      if (!facts.viewable) parts.memory.keep(giveBack(parts.memory.state, made.decision));
      if (facts.endReason === 'error') parts.broken.failed(made.clip);
      if (running.touch?.made === made) running.touch = undefined;
      // The page gave it up, or went: what plays from now on is told apart.
      if (running.ambient?.made !== made) return;
      running.ambient = undefined;
      refreshAmbient(parts, running);
    },
    refresh() {
      withdraw(parts, running);
      prolongLiftWait(parts, running);
      refreshAmbient(parts, running);
      const { now: _now, ambient: _ambient, touch: _touch, ...lasting } = stateNow();
      const text = JSON.stringify(lasting);
      if (text === running.told) return;
      running.told = text;
      parts.send('state', stateNow());
    },
    state: stateNow,
    onAir: () => (isTouchOn(parts, running.touch) ? running.touch : running.ambient)?.made,
  };
}

/** On disk, decodable, and allowed by the manifest: without it neither length nor advertiser are known. */
function playable(parts: ProgrammeParts): ReadonlyMap<string, MediaClip> {
  const isHere = ({ sha256 }: MediaClip) => parts.cached.has(sha256) && !parts.broken.has(sha256);
  return new Map(allowed(parts).flatMap((clip) => (isHere(clip) ? [[clip.sha256, clip]] : [])));
}

/** What the manifest names and its last moment has not come. A clock that was turned back brings no clip back. */
function allowed({ manifest, clock, provenNow }: ProgrammeParts): MediaClip[] {
  const now = Math.max(clock.now(), provenNow() ?? 0);
  const clips = manifest()?.clips ?? [];
  return clips.filter(({ until }) => until === null || now < until);
}

/** What may be shown no more leaves the screen at once, in the middle too. */
function withdraw(parts: ProgrammeParts, running: Running): void {
  const clips = new Set(allowed(parts).map(({ sha256 }) => sha256));
  const isGone = (shown: OnScreen | undefined): shown is OnScreen => shown !== undefined && !clips.has(shown.made.clip);
  const { touch, ambient } = running;
  const gone = new Set([touch, ambient].filter(isGone).map(({ made }) => made.clip));
  if (isGone(touch)) running.touch = undefined;
  if (isGone(touch)) running.liftWait = undefined;
  if (isGone(ambient)) {
    running.ambient = undefined;
    parts.plays.superseded(ambient.made.decision);
  }
  for (const clip of gone) parts.send('withdrawn', { clip });
}

function put(parts: ProgrammeParts, chosen: Chosen): OnScreen {
  const onScreen = decide(parts, chosen);
  parts.send('decision', onScreen.told);
  parts.plays.made(onScreen.made);
  return onScreen;
}

function open(parts: ProgrammeParts, running: Running, opening: Opening): void {
  const { entrance, event } = opening;
  running.last = { entrance, event };
  running.liftWait = undefined;
  const first = chooseFor(parts, opening, []);
  if (!first) return;
  running.touch = first.onScreen;
  if (event === 'lift-call') running.liftWait = waitAfter(opening, [first.choice], first.onScreen.made);
}

/** So long before a clip comes to its end the next one is chosen: time for the page to have its first frame ready. */
const chosenAheadMs = 2_000;

/** Whoever waits for the lift sees one clip after another until it is there, each by a decision of its own. */
function prolongLiftWait(parts: ProgrammeParts, running: Running): void {
  const wait = running.liftWait;
  if (!wait) return;
  const now = parts.clock.mono();
  // A clip that failed is not followed: the page has gone back to the ambient one.
  const isOver = !parts.isWaiting(wait.opening.touch) || now >= wait.endsMono;
  if (isOver) running.liftWait = undefined;
  if (isOver || now < wait.endsMono - chosenAheadMs) return;
  const next = chooseFor(parts, wait.opening, wait.shown, wait.last.decision);
  running.liftWait = next && waitAfter(wait.opening, [...wait.shown, next.choice], next.onScreen.made, wait.endsMono);
  if (next) running.touch = next.onScreen;
}

const waitAfter = (
  opening: Opening,
  shown: readonly Choice[],
  last: MadeDecision,
  beginsMono: number = last.startedMono,
): LiftWait => ({ opening, shown, last, endsMono: beginsMono + last.durationMs });

/** The touch's first clip, or the one that follows `after`; undefined where no clip can be played. */
function chooseFor(
  parts: ProgrammeParts,
  opening: Opening,
  shownBefore: readonly Choice[],
  after?: Id<'decision'>,
): { readonly choice: Choice; readonly onScreen: OnScreen } | undefined {
  const { memory, documents, clock } = parts;
  const { entrance, event, unbillable, pseudonym, group } = opening;
  const cached = playable(parts);
  const decision = newId('decision');
  const now = after === undefined ? opening.startedAt : clock.now();
  const halfHour = halfHourOf(opening.startedAt);
  const whoever = { entrance, event, unbillable, pseudonym, group, shownBefore, halfHour, draw: holdoutDraw };
  const turn = choose(memory.state, { plan: documents.current('plan'), cached, ...whoever, now, decision });
  memory.keep(turn.state);
  const clip = turn.choice && cached.get(turn.choice.clip);
  if (!turn.choice || !clip) return undefined;
  const { choice } = turn;
  return { choice, onScreen: put(parts, { decision, choice, clip, door: opening, opening, ...(after && { after }) }) };
}

/**
 * One ambient decision for each turn, also where the house has one clip only: what a power cut takes of it is no longer than a turn. Its clip repeats
 * until the next. While no page is connected the last one stays open, for the page may only have lost its line.
 */
function refreshAmbient(parts: ProgrammeParts, running: Running): void {
  const now = parts.clock.now();
  const door = parts.documents.current('config')?.doors[0];
  const cached = playable(parts);
  const isWatched = parts.pages() > 0;
  const wanted = isWatched && door ? ambientClip(parts.documents.current('plan'), cached, now) : undefined;
  const before = running.ambient;
  if (before && (isWatched ? isStillOn(before, wanted, now) : before.made.halfHour === halfHourOf(now))) return;
  const clip = wanted === undefined ? undefined : cached.get(wanted);
  if (clip && door) {
    const choice: Choice = { clip: clip.sha256, campaign: null, campaignNo: null, milliTouches: 0 };
    running.ambient = put(parts, { decision: newId('decision'), choice, clip, door });
  } else {
    running.ambient = undefined;
  }
  if (before) parts.plays.superseded(before.made.decision);
}

const isStillOn = ({ made }: OnScreen, wanted: string | undefined, now: InstantMs): boolean =>
  made.clip === wanted && ambientTurnOf(made.startedAt) === ambientTurnOf(now);

function stateOf(parts: ProgrammeParts, running: Running): ScreenState {
  const { clock, documents } = parts;
  const now = clock.now();
  const { ambient, touch } = running;
  return {
    ...surroundings(documents.current('config'), postedNotices(documents), now),
    now,
    ambient: ambient ? aged(ambient, clock) : null,
    touch: isTouchOn(parts, touch) ? aged(touch, clock) : null,
    nextClip: nextClip(parts, running) ?? null,
    enrolment: parts.enrolment(),
    page: parts.page,
    complaintQr: complaintQr(running, documents.current('config')?.screen.complaintUrl ?? null),
  };
}

const isTouchOn = ({ clock }: ProgrammeParts, touch: OnScreen | undefined): touch is OnScreen =>
  touch !== undefined && clock.mono() < touch.made.startedMono + touch.made.durationMs;

function complaintQr(running: Running, url: string | null): string | null {
  if (url === null) return null;
  if (running.complaint?.url !== url) running.complaint = { url, svg: qrSvg(url) };
  return running.complaint.svg;
}

/** A cloud that makes no document of them yet tells them with the plan. */
const postedNotices = (documents: PlayerDocuments): readonly PostedNotice[] =>
  (documents.current('notices') ?? documents.current('plan'))?.notices ?? [];

/** The clip that the next opening would get, if it were an ordinary one at the door used last. */
function nextClip(parts: ProgrammeParts, running: Running): string | undefined {
  const { clock, documents, memory } = parts;
  const place = running.last ?? firstPlace(documents.current('config'));
  if (!place) return undefined;
  const plan = documents.current('plan');
  const cached = playable(parts);
  const whoever = { unbillable: null, pseudonym: null, shownBefore: [] };
  const asked = { plan, cached, ...place, ...whoever, now: clock.now(), decision: '' };
  return choose(memory.state, asked).choice?.clip;
}

function firstPlace(config: TerminalConfig | undefined): Pick<Opening, 'entrance' | 'event'> | undefined {
  const door = config?.doors[0];
  return door && { entrance: door.entrance, event: eventAt(door) };
}
