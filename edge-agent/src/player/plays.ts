import {
  DomainError,
  milliseconds,
  seconds,
  type Clock,
  type DurationMs,
  type Id,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { Placement, PlayBody, PlayReport } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { PanelEvidence } from './panel/panel-watch.ts';
import { factsOf, impossibleClaim, provenSpan, screenGone, type MonoSpan, type PlayFacts } from './play-facts.ts';

/** A choice that the screen was told. */
export interface MadeDecision {
  readonly decision: Id<'decision'>;
  /** Null: ambient. */
  readonly touch: Id<'touch'> | null;
  readonly billable: boolean;
  readonly entrance: string;
  readonly placement: Placement;
  readonly campaign: string | null;
  readonly clip: string;
  readonly durationMs: number;
  /** Of the touch; for an ambient play, of its start. */
  readonly halfHour: InstantMs;
  readonly startedAt: InstantMs;
  readonly startedMono: DurationMs;
  readonly milliTouches: number;
  /** The line item that stops at so many people, if somebody new stood there. */
  readonly reached?: string;
}

type ReportRefusal = 'unknown-decision' | 'already-counted' | 'late-report' | 'impossible-report' | 'cannot-commit';

/** How long after the end of a clip the page may still tell of it. */
const reportGraceMs = seconds(10);
const settledMax = 512;

export interface Plays {
  made(decision: MadeDecision): void;
  /** A clip that repeats is over: its report is due. */
  superseded(decision: string): void;
  /** Resolves once the play is in the journal; rejects with DomainError whose code is a ReportRefusal. */
  report(report: PlayReport): Promise<void>;
  /** True while a play of this entrance and half-hour is not in the journal yet. */
  isPending(entrance: string, halfHour: InstantMs): boolean;
  /** Journals what is still open as `screen-gone`. */
  finish(): Promise<void>;
}

export interface PlaysParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly journal: JournalWriter;
  /** The window of a touch; frames outside it do not count. */
  readonly windowOf: (touch: string) => MonoSpan;
  /** What was read of the panel during a span of the monotonic clock. */
  readonly panel: (fromMono: number, toMono: number) => PanelEvidence;
  /** Called once a decision, before its row is written. */
  readonly settled: (decision: MadeDecision, facts: PlayFacts) => void;
}

interface Awaited {
  readonly made: MadeDecision;
  timer: NodeJS.Timeout | undefined;
}

/** One `play` row for each decision, exactly once: from the page's report, or `screen-gone` if none comes in time. */
export function createPlays(parts: PlaysParts): Plays {
  const { clock, log, journal } = parts;
  const awaited = new Map<string, Awaited>();
  const writing = new Map<MadeDecision, Promise<void>>();
  const settled = new Map<string, 'already-counted' | 'late-report'>();

  function settle(entry: Awaited, facts: PlayFacts, proven?: MonoSpan): Promise<void> {
    const { made } = entry;
    clearTimeout(entry.timer);
    awaited.delete(made.decision);
    settled.set(made.decision, facts.endReason === 'screen-gone' ? 'late-report' : 'already-counted');
    for (const oldest of settled.keys()) if (settled.size > settledMax) settled.delete(oldest);
    parts.settled(made, facts);
    const body = playBody(made, facts, panelDuring(proven));
    log.info({ ...body }, 'play');
    const written = journal
      .append({ stream: 'play', kind: 'play', body })
      .then(() => undefined)
      .finally(() => writing.delete(made));
    writing.set(made, written);
    return written;
  }

  /** Frames that nobody can prove have no lit panel either. */
  function panelDuring(proven: MonoSpan | undefined): PanelEvidence {
    const { fromMono, toMono } = proven ?? { fromMono: clock.mono(), toMono: clock.mono() };
    const { panel, panelBy } = parts.panel(fromMono, toMono);
    return proven ? { panel, panelBy } : { panel: 'unproven', panelBy };
  }

  const giveUp = (entry: Awaited) =>
    settle(entry, screenGone).catch((error: unknown) => log.error({ err: error }, 'a play could not be journalled'));

  function expect(entry: Awaited, withinMs: number): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => void giveUp(entry), withinMs);
  }

  return {
    made(decision) {
      const entry: Awaited = { made: decision, timer: undefined };
      awaited.set(decision.decision, entry);
      if (decision.touch) expect(entry, decision.durationMs + reportGraceMs);
    },
    superseded(decision) {
      const entry = awaited.get(decision);
      // It is shown to its end before another takes its place.
      if (entry) expect(entry, entry.made.durationMs + reportGraceMs);
    },
    async report(report) {
      const entry = awaited.get(report.decision);
      if (!entry) throw refused(settled.get(report.decision) ?? 'unknown-decision');
      const { made } = entry;
      const ageMs = milliseconds(clock.mono() - made.startedMono);
      const claim = impossibleClaim(report, ageMs, made.durationMs, made.touch === null);
      if (claim) throw refused('impossible-report', { claim });
      const window = made.touch ? parts.windowOf(made.touch) : { fromMono: made.startedMono, toMono: Infinity };
      const facts = factsOf(report, made.startedMono, made.durationMs, window);
      await settle(entry, facts, provenSpan(report, made.startedMono, window));
    },
    isPending(entrance, halfHour) {
      const isIt = (made: MadeDecision) => made.entrance === entrance && made.halfHour === halfHour;
      return [...awaited.values()].some((entry) => isIt(entry.made)) || [...writing.keys()].some(isIt);
    },
    async finish() {
      await Promise.all([...awaited.values()].map(giveUp));
      await Promise.allSettled(writing.values());
    },
  };
}

function playBody(made: MadeDecision, facts: PlayFacts, panel: PanelEvidence): PlayBody {
  const { startedMono: _mono, durationMs: _duration, ...said } = made;
  return { ...said, ...facts, ...panel };
}

const sentences: Record<ReportRefusal, string> = {
  'unknown-decision': 'the agent made no such decision',
  'already-counted': 'this play was counted before',
  'late-report': 'the report came after its time',
  'impossible-report': 'the report cannot be true',
  'cannot-commit': 'the journal takes no rows',
};

const refused = (code: ReportRefusal, details = {}) => new DomainError(code, sentences[code], details);
