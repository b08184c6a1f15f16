import { minutes, seconds } from '@gatecast/firmware-protocol';
import type { DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../log.ts';
import type { Documents } from '../store/documents.ts';
import { codeOf } from './cloud-http.ts';

/** A version in force for so long without a fault, in a run that goes on, has proven itself. */
export const probationMs = seconds(60);
/** What cannot be told by then, as files are still on their way, is asked for again. */
const askAgainMs = seconds(30);
/** A version of which nobody can say anything for so long is let be. */
const undecidedMsMax = minutes(60);

/** Null: it works; `undecided`: nobody can say yet; else a stable code of what does not. */
export type Verdict = { readonly fault: string } | 'good' | 'undecided';
/**
 * Called while the version before is in force, or at a start with the version itself; what it returns judges the new one at the end of its
 * probation.
 */
export type HealthCheck = () => () => Verdict | Promise<Verdict>;

export interface ProbationParts {
  readonly documents: Pick<Documents, 'onTrial' | 'endTrial' | 'beforeChange' | 'onChange' | 'version'>;
  readonly checks: Readonly<Partial<Record<DocumentKind, HealthCheck>>>;
  /** The version does not work. */
  readonly onFault: (kind: DocumentKind, version: number, reason: string) => Promise<void>;
  /** A version has proven itself. */
  readonly onProven: () => void;
  readonly log: Log;
}

interface Watch {
  readonly version: number;
  readonly judge: () => Verdict | Promise<Verdict>;
  waitedMs: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Watches each version from the moment it is put in force. Nothing here is trusted to run: a version that ends the agent within its probation is
 * found by the mark that it left (`Trials`), at the next start.
 */
export class Probation {
  readonly #parts: ProbationParts;
  readonly #judges = new Map<DocumentKind, Watch['judge']>();
  readonly #watched = new Map<DocumentKind, Watch>();
  #leave: readonly (() => void)[] = [];

  constructor(parts: ProbationParts) {
    this.#parts = parts;
  }

  /** After the documents were taken up: one that was on trial when the agent was ended in good order begins its probation anew. */
  start(kinds: readonly DocumentKind[]): void {
    const { documents, checks } = this.#parts;
    this.#leave = [
      documents.beforeChange((kind) => {
        const check = checks[kind];
        if (check) this.#judges.set(kind, check());
      }),
      documents.onChange((kind) => this.#look(kind)),
    ];
    for (const kind of kinds) this.#look(kind);
  }

  /** Idempotent. */
  stop(): void {
    for (const leave of this.#leave) leave();
    this.#leave = [];
    for (const { timer } of this.#watched.values()) clearTimeout(timer);
    this.#watched.clear();
  }

  #look(kind: DocumentKind): void {
    const version = this.#parts.documents.onTrial(kind)?.version;
    const watched = this.#watched.get(kind);
    if (watched?.version === version) return;
    clearTimeout(watched?.timer);
    this.#watched.delete(kind);
    if (version === undefined) return;
    const judge = this.#judges.get(kind) ?? this.#parts.checks[kind]?.() ?? (() => 'good' as const);
    this.#judges.delete(kind);
    this.#wait(kind, { version, judge, waitedMs: 0, timer: undefined }, probationMs);
  }

  #wait(kind: DocumentKind, watch: Watch, ms: number): void {
    this.#watched.set(kind, watch);
    watch.timer = setTimeout(() => void this.#judge(kind, watch), ms);
    watch.timer.unref();
    watch.waitedMs += ms;
  }

  async #judge(kind: DocumentKind, watch: Watch): Promise<void> {
    const { log, documents, onFault, onProven } = this.#parts;
    const { version } = watch;
    try {
      const verdict = await watch.judge();
      if (this.#watched.get(kind) !== watch) return;
      if (verdict === 'undecided' && watch.waitedMs < undecidedMsMax) return this.#wait(kind, watch, askAgainMs);
      this.#watched.delete(kind);
      if (typeof verdict === 'object') {
        log.error({ document: kind, version, code: verdict.fault }, 'a document does not work and is taken back');
        return await onFault(kind, version, verdict.fault);
      }
      await documents.endTrial(kind, version);
      log.info({ document: kind, version }, 'a document has proven itself');
      onProven();
    } catch (error) {
      log.error({ document: kind, version, code: codeOf(error), err: error }, 'the trial of a document goes on');
      if (!this.#watched.has(kind) && documents.onTrial(kind)?.version === version) this.#wait(kind, watch, askAgainMs);
    }
  }
}
