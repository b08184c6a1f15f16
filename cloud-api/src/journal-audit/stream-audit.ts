import { genesisHash, type StreamKey } from '@gatecast/firmware-protocol/messages';
import { isCheckpoint, isHeadProof } from '@gatecast/firmware-protocol/node';
import type { AuditCounts, Fault, Finding } from './findings.ts';
import { contradicted, explain, isCountWrong, type DeclaredLoss } from './losses.ts';
import type { CheckpointRecord, DisputeRecord, RowRecord, StreamPart, StreamRecord } from './records.ts';
import { isBegin, type StreamBegin } from './stream-begin.ts';
import { hashAt, judge, suspectsMax, type Suspect } from './suspects.ts';

export interface StreamAuditParts {
  readonly stream: StreamRecord;
  /** Of this stream. */
  readonly losses: readonly DeclaredLoss[];
  /** Public checkpoint keys by kid. */
  readonly keys: ReadonlyMap<string, string>;
  readonly counts: AuditCounts;
  readonly report: (finding: Finding) => void;
}

/** So many suspects are told apart; of more, a stream that was changed all over, it is enough that they do not fit. */
const judgedMax = 20 * suspectsMax;

/** A row that is said elsewhere to be in the stream. */
interface Extent {
  readonly seq: number;
  readonly hash: string;
}

/** Follows one chain from its first row to its end. Remembers a few rows only, however long the stream is. */
export class StreamAudit {
  readonly #parts: StreamAuditParts;
  readonly #key: StreamKey;
  #last = { seq: 0 };
  /** The last row of those whose time was over. */
  #beginSeq = 0;
  /** Hash of the row before the next; undefined after rows that are missing without an explanation. */
  #prev: string | undefined = genesisHash;
  #suspects: Suspect[] = [];
  /** The last row that a checkpoint vouches for, and the furthest one that any speaks of. */
  #vouched = 0;
  #farthest: Extent | undefined;
  #rewrittenTo: number | undefined;
  /** A row since the last checkpoint does not fit: what is signed afterwards differs for that reason. */
  #isTainted = false;
  /** The last row that was signed for and is not there. */
  #missed: Extent | undefined;
  #judged = 0;
  #isSigned = false;
  /** Suspects whose hash no place in the neighbourhood explains: their own hash may stand elsewhere in the stream. */
  readonly #unexplained = new Map<string, number>();
  /** Rows that stand in a place of which they are not. */
  readonly #displaced = new Set<number>();
  #newestSuspect = 0;

  constructor(parts: StreamAuditParts) {
    const { terminal, epoch, stream } = parts.stream;
    this.#parts = parts;
    this.#key = { terminal, epoch, stream };
    for (const loss of parts.losses) if (isCountWrong(loss)) this.#lossWrong(loss);
    if (parts.stream.begin) this.#begin(parts.stream.begin);
  }

  /** The chain goes on from there if the cloud has signed that it does: a checkpoint would let anybody take what is before it away. */
  #begin(begin: StreamBegin): void {
    const { seq, hash, signature } = begin;
    const publicKey = this.#parts.keys.get(signature.kid);
    if (publicKey === undefined) return this.#report('unknown-key', seq, { detail: signature.kid });
    if (!isBegin(this.#key, begin, publicKey))
      return this.#report('forged-checkpoint', seq, { detail: 'the beginning of the stream' });
    this.#parts.counts.expired += seq;
    this.#beginSeq = seq;
    this.#last = { seq };
    this.#prev = hash;
    this.#vouched = seq;
  }

  take(part: StreamPart): void {
    if (part.type === 'row') this.#row(part);
    else if (part.type === 'checkpoint') this.#checkpoint(part);
    else this.#dispute(part);
  }

  /** Hashes of rows of which it is to be seen whether they stand in the stream twice; none when all is well. */
  end(): ReadonlyMap<string, number> {
    this.#settleSuspects();
    this.#settleRewritten();
    this.#settleEnd();
    return this.#unexplained;
  }

  /** What became of the hashes that `end` gave: the other place of each, if there is one. */
  settle(elsewhere: ReadonlyMap<string, number>): void {
    for (const [hash, seq] of this.#unexplained) {
      const other = elsewhere.get(hash);
      if (other !== undefined) this.#displaced.add(seq);
      // What stands before it belongs elsewhere, so nothing can be said about it.
      if (other === undefined && this.#displaced.has(seq - 1)) continue;
      if (other === undefined)
        this.#report('altered', seq, { detail: `or row ${seq - 1} was, together with its hash` });
      else this.#report('replayed', seq, { detail: `it is row ${other}` });
    }
  }

  #row(row: RowRecord): void {
    const { counts, losses } = this.#parts;
    counts.rows += 1;
    if (row.seq <= this.#last.seq)
      return this.#report('replayed', row.seq, { detail: 'the sequence stands there twice' });
    if (row.seq > this.#last.seq + 1) this.#gap(this.#last.seq + 1, row.seq - 1);
    for (const loss of contradicted(losses, row)) this.#lossWrong(loss);
    if (this.#prev !== undefined && hashAt(this.#key, row, row.seq, this.#prev) !== row.hash) {
      this.#suspects.push({ row, prev: this.#prev });
      this.#isTainted = true;
      this.#newestSuspect = row.seq;
      if (this.#suspects.length >= suspectsMax) this.#settleSuspects();
    }
    this.#last = { seq: row.seq };
    this.#prev = row.hash;
  }

  #gap(from: number, to: number): void {
    const { explainedTo, hash } = explain(this.#parts.losses, from, to);
    const missed = this.#missed;
    this.#missed = undefined;
    this.#parts.counts.declaredLost += explainedTo - from + 1;
    this.#prev = hash;
    if (explainedTo < to) {
      this.#report('dropped', explainedTo + 1, { ...range(explainedTo + 1, to), ...signedFor(missed) });
      this.#prev = missed?.seq === to ? missed.hash : undefined;
    }
    this.#last = { seq: to };
  }

  #checkpoint(checkpoint: CheckpointRecord): void {
    this.#parts.counts.checkpoints += 1;
    const { seq, hash, proof, signature } = checkpoint;
    const publicKey = this.#parts.keys.get(signature.kid);
    if (publicKey === undefined) return this.#report('unknown-key', seq, { detail: signature.kid });
    if (!isCheckpoint(this.#key, checkpoint, publicKey)) return this.#report('forged-checkpoint', seq);
    if (proof && !this.#isSigned) {
      this.#isSigned = true;
      this.#parts.counts.unsigned += this.#vouched - this.#beginSeq;
    }
    if (!this.#farthest || seq > this.#farthest.seq) this.#farthest = { seq, hash };
    if (seq > this.#last.seq) this.#missed = { seq, hash };
    else if (seq === this.#last.seq) this.#compare(seq, hash);
  }

  /** What was signed for a row beside what is stored as its hash. */
  #compare(seq: number, hash: string): void {
    if (hash === this.#prev) {
      this.#settleRewritten();
      this.#vouched = seq;
    } else if (!this.#isTainted) this.#rewrittenTo = seq;
    this.#isTainted = false;
  }

  #dispute({ fault, proof, seq, shownHash, shownSeq }: DisputeRecord): void {
    // What does not hang together by itself shows a broken machine or line; what was forgotten is missing in the stream itself.
    if (fault !== 'forked') return;
    const isSigned = proof !== null && isHeadProof(this.#key, { seq: shownSeq, hash: shownHash }, proof);
    const shown = `it showed row ${shownSeq} as ${shownHash.slice(0, 12)}…`;
    this.#report('cloned', seq, { detail: isSigned ? shown : `${shown}, without a signature` });
  }

  #settleSuspects(): void {
    const isThorough = this.#judged < judgedMax;
    this.#judged += this.#suspects.length;
    const verdicts = isThorough
      ? judge(this.#key, this.#suspects)
      : this.#suspects.map((one) => [one, { kind: 'altered' }] as const);
    for (const [{ row }, verdict] of verdicts) {
      const { seq } = row;
      if (verdict.kind === 'moved' || verdict.kind === 'copied') this.#displaced.add(seq);
      if (verdict.kind === 'moved') this.#report('reordered', seq, { detail: `it is row ${verdict.from}` });
      else if (verdict.kind === 'copied') this.#report('replayed', seq, { detail: `it is row ${verdict.from}` });
      else if (verdict.kind === 'swapped') this.#report('reordered', seq, { detail: 'it holds what another row said' });
      else if (verdict.kind === 'altered' && isThorough) this.#unexplained.set(row.hash, seq);
      else if (verdict.kind === 'altered') this.#report('altered', seq);
    }
    this.#suspects = [];
  }

  #settleRewritten(): void {
    const to = this.#rewrittenTo;
    this.#rewrittenTo = undefined;
    if (to !== undefined) this.#report('rewritten', this.#vouched + 1, range(this.#vouched + 1, to));
  }

  #settleEnd(): void {
    const { head } = this.#parts.stream;
    const { seq } = this.#last;
    const farthest = Math.max(head?.seq ?? 0, this.#farthest?.seq ?? 0);
    if (farthest > seq) {
      const { explainedTo } = explain(this.#parts.losses, seq + 1, farthest);
      if (explainedTo < farthest) this.#report('truncated', explainedTo + 1, range(explainedTo + 1, farthest));
    }
    const signedTo = this.#farthest?.seq ?? head?.seq ?? 0;
    // A row that does not even fit behind its neighbour is named for that.
    if (signedTo < seq && this.#newestSuspect <= signedTo)
      this.#report('added', signedTo + 1, range(signedTo + 1, seq));
    else if (head?.seq === seq && this.#prev !== undefined && head.hash !== this.#prev && !this.#farthest) {
      this.#report('altered', seq, { detail: 'the head of the stream is not the hash of its last row' });
    }
    if (!this.#isSigned) this.#parts.counts.unsigned += seq - this.#beginSeq;
  }

  #lossWrong(loss: DeclaredLoss): void {
    const { terminal, epoch, stream } = this.#parts.stream;
    const detail = `rows ${loss.from} to ${loss.to} of ${stream}`;
    this.#parts.report({ terminal, epoch, stream: 'health', fault: 'loss-wrong', seq: loss.at, detail });
  }

  #report(fault: Fault, seq: number, more: { readonly to?: number; readonly detail?: string } = {}): void {
    this.#parts.report({ ...this.#named(), fault, seq, ...more });
  }

  #named() {
    const { terminal, epoch, stream } = this.#parts.stream;
    return { terminal, epoch, stream };
  }
}

const range = (from: number, to: number) => (to > from ? { to } : {});

const signedFor = (missed: Extent | undefined) =>
  missed ? { detail: `the cloud had signed for row ${missed.seq}` } : {};
