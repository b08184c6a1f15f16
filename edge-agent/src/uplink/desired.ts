import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import {
  desiredPollEveryMs,
  documentKinds,
  type ClaimResponse,
  type DocumentKind,
  type Reported,
} from '@gatecast/firmware-protocol/messages';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { Log } from '../log.ts';
import type { CheckResult, DocumentBase } from '../store/document-check.ts';
import { checkOffLoop } from '../store/document-checker.ts';
import type { Documents } from '../store/documents.ts';
import { isSuspected, type Refusal } from '../store/trials.ts';
import { BackOff, Wakeable } from './back-off.ts';
import { OutageLog } from './outage-log.ts';
import type { TerminalApi } from './terminal-api.ts';

export interface DesiredParts {
  readonly api: Pick<TerminalApi, 'desired' | 'document' | 'report'>;
  readonly claim: ClaimResponse;
  readonly documents: Documents;
  readonly journal: JournalWriter;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the terminal must know before the rest: whom to let in, and an emergency. */
const order: readonly DocumentKind[] = ['config', 'access', 'notices', 'media', 'plan', 'software'];

/** What became of these is told by whoever works on them: a release of the agent is in force after its restart at the earliest. */
const settledLater: ReadonlySet<DocumentKind> = new Set(['software']);

/** Documents of megabytes of which a change touches a few hundred bytes. */
const toldAsDelta: ReadonlySet<DocumentKind> = new Set(['access']);

const reportOf = (kind: DocumentKind, { version, state, reason }: Refusal, inForce: number): Reported => ({
  kind,
  version,
  state,
  reason,
  inForce,
});

/**
 * Brings the terminal to the versions that the cloud wants: asks at start, on a hint, and every 30 s. A version is checked whole, applied
 * whole or not at all, and what became of it is reported and journalled. A version that failed is not tried again.
 */
export class Desired {
  readonly #parts: DesiredParts;
  readonly #wakeable = new Wakeable();
  readonly #failed = new Map<DocumentKind, number>();
  /** Reports that the cloud has not taken yet, the newest of each kind. */
  readonly #toReport = new Map<DocumentKind, Reported>();
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: DesiredParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#tellAll();
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Kinds of which a version that the cloud wants was refused, or taken back, and is not in force. */
  get refused(): readonly DocumentKind[] {
    const { documents } = this.#parts;
    const isRefused = (kind: DocumentKind) =>
      documents.refused(kind) !== undefined || (this.#failed.get(kind) ?? 0) > documents.version(kind);
    return documentKinds.options.filter(isRefused);
  }

  /** As after a start: all is told and asked for again, also a version that could not be taken, which may have been the disk's fault. */
  renew(): void {
    this.#failed.clear();
    this.#tellAll();
    this.wake();
  }

  #tellAll(): void {
    for (const kind of documentKinds.options) {
      if (settledLater.has(kind)) continue;
      const version = this.#parts.documents.version(kind);
      const refused = this.#parts.documents.refused(kind);
      if (refused) this.#toReport.set(kind, reportOf(kind, refused, version));
      else if (version > 0) this.#toReport.set(kind, { kind, version, state: 'applied' });
    }
  }

  /** Ask now: a hint came, or the cloud can be reached again. */
  wake(): void {
    this.#wakeable.wake();
  }

  /** A version that was applied has turned out not to work: the one before it is in force again. Without one before it, it stays. */
  async revert(kind: DocumentKind, version: number, reason: string): Promise<void> {
    const { documents } = this.#parts;
    if (!(await documents.revert(kind, version, reason))) return;
    await this.#conclude({ kind, version, state: 'reverted', reason, inForce: documents.version(kind) });
    this.wake();
  }

  /** Tells what became of a document of which that is known later. Rejects with `cannot-commit`. */
  async settle(report: Reported): Promise<void> {
    await this.#conclude(report);
    this.wake();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(this.#parts.clock, { baseMs: 1_000, capMs: desiredPollEveryMs });
    const outage = new OutageLog(this.#parts.log, 'asking for the desired versions');
    while (!signal.aborted) {
      const error = await this.#pull(signal).catch((reason: unknown) => reason);
      if (signal.aborted) return;
      if (error === undefined) {
        backOff.reset();
        outage.recovered();
      } else outage.failed(error);
      await this.#wakeable.wait(error === undefined ? desiredPollEveryMs : backOff.nextMs(), signal);
    }
  }

  /** What is wrong with one document keeps no other from its place; the first fault is the one that is told. */
  async #pull(signal: AbortSignal): Promise<void> {
    const wanted = await this.#parts.api.desired(signal);
    const faults: unknown[] = [];
    const goOn = (fault: unknown) => void faults.push(fault);
    for (const kind of order) {
      const version = wanted[kind] ?? 0;
      if (this.#isNews(kind, version) && this.#mayTry(kind, version))
        await this.#bring(kind, version, signal).catch(goOn);
    }
    for (const report of this.#toReport.values()) await this.#tell(report, signal).catch(goOn);
    if (faults.length > 0) throw faults[0];
  }

  /** A version that failed is not tried again. */
  #isNews(kind: DocumentKind, version: number): boolean {
    const { documents } = this.#parts;
    const tried = [this.#failed.get(kind), documents.refused(kind)?.version];
    return version > documents.version(kind) && !tried.includes(version);
  }

  /**
   * What is suspected of cutting runs off is tried again, but alone: if one is cut off again, it is known which it was. An access list waits for none of it:
   * whom it locks out is locked out now.
   */
  #mayTry(kind: DocumentKind, version: number): boolean {
    const { documents } = this.#parts;
    const onTrial = order.flatMap((each) => (each === kind ? [] : (documents.onTrial(each) ?? [])));
    const again = documents.trial(kind);
    const isAgain = again?.version === version && isSuspected(again);
    if (isAgain) return onTrial.length === 0;
    return kind === 'access' || !onTrial.some(isSuspected);
  }

  async #tell(report: Reported, signal: AbortSignal): Promise<void> {
    await this.#parts.api.report(report, signal);
    if (this.#toReport.get(report.kind) === report) this.#toReport.delete(report.kind);
  }

  async #bring(kind: DocumentKind, version: number, signal: AbortSignal): Promise<void> {
    const { documents } = this.#parts;
    const checked = await this.#fetch(kind, signal);
    if (!checked.ok) {
      if (checked.deny) await documents.deny(checked.deny);
      return this.#fail(kind, version, checked.fault);
    }
    try {
      await documents.apply(checked);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'cannot-commit') throw error;
      return this.#fail(kind, version, error.code);
    }
    if (!settledLater.has(kind)) await this.#conclude({ kind, version: checked.version, state: 'applied' });
  }

  /** A long document comes as what is different from the one in force; if that does not lead to what was signed, it comes whole. */
  async #fetch(kind: DocumentKind, signal: AbortSignal): Promise<CheckResult> {
    const base = toldAsDelta.has(kind) ? await this.#parts.documents.base(kind) : undefined;
    const checked = await this.#check(kind, base, signal);
    if (checked.ok || !checked.askWhole) return checked;
    this.#parts.log.warn({ document: kind, from: base?.version, fault: checked.fault }, 'a delta does not fit');
    return this.#check(kind, undefined, signal);
  }

  async #check(kind: DocumentKind, base: DocumentBase | undefined, signal: AbortSignal): Promise<CheckResult> {
    const { api, claim, documents } = this.#parts;
    const bytes = await api.document(kind, base?.version, signal);
    return checkOffLoop({
      bytes,
      kind,
      terminal: claim.terminal,
      inForce: documents.version(kind),
      base,
      signedOnly: kind === 'media' && (documents.current('media')?.signedOnly ?? false),
      doorAuthority: claim.doorAuthority,
    });
  }

  async #fail(kind: DocumentKind, version: number, reason: string): Promise<void> {
    this.#failed.set(kind, version);
    await this.#conclude({ kind, version, state: 'failed', reason, inForce: this.#parts.documents.version(kind) });
  }

  async #conclude(report: Reported): Promise<void> {
    const { kind, version, state, reason } = report;
    this.#parts.log.info({ document: kind, version, state, reason }, 'a document has arrived');
    this.#toReport.set(kind, report);
    const body = { document: kind, version, state, reason: reason ?? null };
    await this.#parts.journal.append({ stream: 'health', kind: 'applied', body });
  }
}
