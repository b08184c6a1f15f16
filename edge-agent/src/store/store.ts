import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError, InvariantError } from '@gatecast/firmware-protocol';
import type { ClaimResponse, DocumentKind } from '@gatecast/firmware-protocol/messages';
import { journalCap, type JournalCap } from '../journal/retention.ts';
import type { RowDraft } from '../journal/row-chain.ts';
import type { CheckResult } from './document-check.ts';
import type { Operations } from './operations.ts';
import { valueKeys, type CommandRecord, type StoredDocument, type StoreSnapshot } from './snapshot.ts';
import type { Refusal } from './trials.ts';
import type { StoreReply, StoreRequest, StoreJob } from './thread-messages.ts';
import { storeWorker } from './worker-entry.ts';

type Argument<K extends keyof Operations> = Parameters<Operations[K]>[0];
type Result<K extends keyof Operations> = ReturnType<Operations[K]>;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A thread that mostly waits for the disk needs no room for tens of megabytes of new values. */
const resourceLimits = { maxYoungGenerationSizeMb: 3 };

/** A thread that ends by itself is started again after this long, this often; beyond it the store is lost. */
const restartAfterMs = 1_000;
const restartsMax = 3;

/** Requests on their way to the disk; beyond it the terminal is writing faster than its disk can, and says so. */
const waitingMax = 20_000;

export interface StoreOptions {
  readonly dataDir: string;
  readonly cap?: JournalCap;
  /** The thread ended again and again: what happens at the door can no longer be kept, until this program is started anew. */
  readonly onLost?: (cause: unknown) => void;
}

/**
 * The terminal's memory. One worker thread owns the database; what this thread reads is a snapshot, replaced after each commit.
 * Writes reject with DomainError `cannot-commit` when the disk refuses them or the store is not running. A thread that ends unasked is started again;
 * who may enter is decided from the snapshot meanwhile.
 */
export class Store {
  readonly #job: StoreJob;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #nextId = 1;
  #snapshot: StoreSnapshot | undefined;
  #isStopping = false;
  #restarts = 0;
  #restart: NodeJS.Timeout | undefined;
  readonly #onLost: (cause: unknown) => void;

  constructor(options: StoreOptions) {
    this.#onLost = options.onLost ?? (() => {});
    this.#job = { file: join(options.dataDir, 'terminal.db'), cap: options.cap ?? journalCap };
  }

  /** What is on the disk. Throws InvariantError before `start()`. */
  get snapshot(): StoreSnapshot {
    if (!this.#snapshot) throw new InvariantError('the store was started');
    return this.#snapshot;
  }

  async start(): Promise<void> {
    this.#isStopping = false;
    await this.#open();
  }

  async #open(): Promise<void> {
    const worker = new Worker(storeWorker, { workerData: this.#job, resourceLimits });
    this.#worker = worker;
    worker.on('message', (reply: StoreReply) => this.#settle(reply));
    let cause: unknown;
    this.#ended = new Promise((resolve) => {
      worker.once('error', (error) => {
        cause = error;
        this.#rejectAll(error);
      });
      worker.once('exit', () => {
        this.#worker = undefined;
        this.#rejectAll();
        resolve();
        // Before the first snapshot whoever started the store hears of it.
        if (!this.#isStopping && this.#snapshot) this.#reopenLater(cause);
      });
    });
    this.#snapshot = await this.#call('load', undefined);
  }

  #reopenLater(cause: unknown): void {
    this.#restarts += 1;
    if (this.#restarts > restartsMax) return this.#onLost(cause);
    this.#restart = setTimeout(() => {
      // Its end is heard as that of any other thread.
      this.#open().catch(() => {});
    }, restartAfterMs);
  }

  /** A run that began and does not stop is known as cut off by the next one. What was on trial when the last one was is taken back. */
  async beginRun(): Promise<void> {
    const { denied, ...trials } = await this.#call('beginRun', undefined);
    const { values } = this.snapshot;
    this.#replace({
      ...trials,
      ...(denied !== undefined && { values: new Map(values).set(valueKeys.denied, denied) }),
    });
  }

  /** Everything asked for before is on the disk when this resolves. The store has ended also when this rejects. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    try {
      if (this.#worker) await this.#call('close', undefined);
    } finally {
      await this.#ended;
    }
  }

  append(draft: RowDraft): Promise<Result<'append'>> {
    return this.#call('append', draft);
  }

  nextBatch(limit: Argument<'nextBatch'>): Promise<Result<'nextBatch'>> {
    return this.#call('nextBatch', limit);
  }

  acknowledge(ack: Argument<'acknowledge'>): Promise<Result<'acknowledge'>> {
    return this.#call('acknowledge', ack);
  }

  /** The cloud's newest word for a stream. */
  checkpoint(stream: Argument<'checkpoint'>): Promise<Result<'checkpoint'>> {
    return this.#call('checkpoint', stream);
  }

  /** Resolves with how many rows were moved. */
  rebase(rebase: Argument<'rebase'>): Promise<number> {
    return this.#call('rebase', rebase);
  }

  reached(): Promise<Result<'reached'>> {
    return this.#call('reached', undefined);
  }

  /** Whether the thread answers at all; that the disk refuses writes is an answer. */
  async answers(): Promise<boolean> {
    return this.#call('reached', undefined).then(
      () => true,
      () => this.#worker !== undefined,
    );
  }

  backlog(): Promise<Result<'backlog'>> {
    return this.#call('backlog', undefined);
  }

  /** Rejects with `already-claimed` if this terminal was claimed before. */
  async saveClaim(claim: ClaimResponse): Promise<void> {
    await this.#call('saveClaim', claim);
    this.#replace({ claim });
  }

  async setValue(key: string, value: string): Promise<void> {
    await this.#call('setValue', { key, value });
    this.#replace({ values: new Map(this.snapshot.values).set(key, value) });
  }

  /** Rejects with `used-up` if another opening took the last use. */
  async useCredential(use: Argument<'useCredential'>): Promise<void> {
    const used = await this.#call('useCredential', use);
    this.#replace({ uses: new Map(this.snapshot.uses).set(use.credential, used) });
  }

  /** A use that opened nothing is there again. */
  async returnUse(credential: string): Promise<void> {
    const used = await this.#call('returnUse', credential);
    this.#replace({ uses: new Map(this.snapshot.uses).set(credential, used) });
  }

  /** For the next run: counters never go back. */
  savePhoneCounter(taken: Argument<'savePhoneCounter'>): Promise<void> {
    return this.#call('savePhoneCounter', taken);
  }

  receiveCommand(received: Argument<'receiveCommand'>): Promise<CommandRecord | 'new'> {
    return this.#call('receiveCommand', received);
  }

  endCommand(end: Argument<'endCommand'>): Promise<void> {
    return this.#call('endCommand', end);
  }

  /** Rejects with `stale-version` if it is not newer than what is in force. */
  async saveDocument(document: Extract<CheckResult, { ok: true }>): Promise<void> {
    const { version, hash, text, value } = document;
    const saved = await this.#call('saveDocument', { kind: value.kind, version, hash, text }, [text]);
    const { forgotten, ...trials } = saved;
    if (forgotten.length > 0) this.#forgetUses(new Set(forgotten));
    if (value.kind === 'access') this.#replace({ values: new Map(this.snapshot.values).set(valueKeys.denied, '[]') });
    const documents = new Map(this.snapshot.documents).set(value.kind, { version, hash, value });
    this.#replace({ documents, ...trials });
  }

  /** The body of the version in force as it was signed; undefined if there is none. */
  documentText(kind: DocumentKind): Promise<Result<'documentText'>> {
    return this.#call('documentText', kind);
  }

  /** Resolves with the version before, now in force again; undefined if there is none, and then nothing has changed. */
  async revertDocument(kind: DocumentKind, refusal: Refusal): Promise<StoredDocument | undefined> {
    const { before, ...trials } = await this.#call('revertDocument', { kind, ...refusal });
    if (before) this.#replace({ documents: new Map(this.snapshot.documents).set(kind, before), ...trials });
    return before;
  }

  /** The version on trial has proven itself. */
  async endTrial(kind: DocumentKind, version: number): Promise<void> {
    this.#replace(await this.#call('endTrial', { kind, version }));
  }

  #call<K extends keyof Operations>(
    operation: K,
    argument: Argument<K>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Result<K>> {
    const worker = this.#worker;
    if (!worker || this.#waiting.size >= waitingMax) {
      return Promise.reject(new DomainError('cannot-commit', 'the store takes no writes now'));
    }
    return new Promise((resolve, reject) => {
      const request: StoreRequest = { id: this.#nextId++, operation, argument };
      this.#waiting.set(request.id, { resolve, reject });
      worker.postMessage(request, transfer);
    });
  }

  #settle(reply: StoreReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (!('error' in reply)) waiting?.resolve(reply.result);
    else if (reply.error.code === 'internal') waiting?.reject(new InvariantError(reply.error.message));
    else waiting?.reject(new DomainError(reply.error.code, reply.error.message));
  }

  #rejectAll(cause?: unknown): void {
    for (const waiting of this.#waiting.values()) {
      waiting.reject(new DomainError('cannot-commit', 'the store has ended', {}, { cause }));
    }
    this.#waiting.clear();
  }

  #forgetUses(credentials: ReadonlySet<string>): void {
    this.#replace({ uses: new Map([...this.snapshot.uses].filter(([credential]) => !credentials.has(credential))) });
  }

  #replace(change: Partial<StoreSnapshot>): void {
    this.#snapshot = { ...this.snapshot, ...change };
  }
}
