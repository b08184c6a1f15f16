import { brotliDecompressSync } from 'node:zlib';
import { DomainError, instant } from '@gatecast/firmware-protocol';
import {
  checkpointContext,
  checkpointPreimage,
  genesisHash,
  packedBatch,
  unpackRows,
  type JournalAck,
  type JournalCheckpoint,
  type JournalRow,
  type JournalStream,
  type StreamHead,
} from '@gatecast/firmware-protocol/messages';
import { isHeadProof, newKeyPair, placeRows, privateKeyOf, signText } from '@gatecast/firmware-protocol/node';

interface Kept extends StreamHead {
  readonly row: JournalRow;
}

/** The cloud's side of one terminal's journal in memory: real chains, real signatures, and a memory that can be damaged. */
export class CloudJournal {
  readonly keys = newKeyPair('ed25519');
  readonly kept: Record<JournalStream, Kept[]> = { door: [], play: [], health: [] };
  readonly alarms: string[] = [];
  readonly sent: number[] = [];
  readonly #terminal: string;
  readonly #identityKey: string;
  #proofs = new Map<string, string>();

  constructor(terminal: string, identityKey: string) {
    this.#terminal = terminal;
    this.#identityKey = identityKey;
  }

  /** The last row of a stream. */
  head(stream: JournalStream): StreamHead {
    return this.kept[stream].at(-1) ?? { seq: 0, hash: genesisHash };
  }

  /** As after a restore from a copy that ends at `seq`. */
  forgetAfter(stream: JournalStream, seq: number): void {
    this.kept[stream] = this.kept[stream].filter((one) => one.seq <= seq);
  }

  async take(body: Uint8Array): Promise<JournalAck> {
    this.sent.push(body.byteLength);
    const text = brotliDecompressSync(body).toString('utf8');
    const { stream, epoch, seq, prev, rows, head, signature = '', checkpoint } = packedBatch.parse(JSON.parse(text));
    const key = { terminal: this.#terminal, epoch, stream };
    const placed = placeRows(key, { seq: seq - 1, hash: prev }, unpackRows(rows));
    const last = { seq: seq + placed.rows.length - 1, hash: head };
    if (placed.hashes.at(-1) !== head || !isHeadProof(key, last, { publicKey: this.#identityKey, signature })) {
      throw new DomainError('journal-signature-wrong', '', { status: 409 });
    }
    const kept = this.kept[stream];
    const known = new Map(kept.map((one) => [one.seq, one.hash]));
    const differing = placed.rows.findIndex(
      (row, at) => known.has(row.seq) && known.get(row.seq) !== placed.hashes[at],
    );
    if (differing >= 0) this.#refuse(stream, epoch, seq + differing);
    let before = this.head(stream);
    if (checkpoint && checkpoint.seq > before.seq && this.#isOurs(stream, epoch, checkpoint)) {
      this.alarms.push(`forgot ${before.seq + 1}-${checkpoint.seq}`);
      before = checkpoint;
    }
    if (seq > before.seq + 1) throw new DomainError('journal-gap', '', { status: 409, expected: before.seq + 1 });
    const from = placed.rows.findIndex((row) => row.seq > before.seq);
    if (from >= 0) {
      if (placed.rows[from]?.prev !== before.hash) this.#refuse(stream, epoch, before.seq + 1);
      placed.rows
        .slice(from)
        .forEach((row, at) => kept.push({ row, seq: row.seq, hash: placed.hashes[from + at] ?? '' }));
      this.#proofs.set(head, signature);
    }
    return { stream, upTo: this.head(stream).seq, checkpoint: this.checkpoint(stream, epoch) };
  }

  #refuse(stream: JournalStream, epoch: number, seq: number): never {
    this.alarms.push(`forked at ${seq}`);
    const checkpoint = this.checkpoint(stream, epoch);
    throw new DomainError('journal-chain-broken', '', { status: 409, seq, checkpoint });
  }

  checkpoint(stream: JournalStream, epoch: number, signer = this.keys): JournalCheckpoint {
    const { seq, hash } = this.head(stream);
    const key = { terminal: this.#terminal, epoch, stream };
    const proof = { publicKey: this.#identityKey, signature: this.#proofs.get(hash) ?? '' };
    const said = { seq, hash, at: instant(1), proof };
    const value = signText(
      privateKeyOf('ed25519', signer.privateKey),
      checkpointContext,
      checkpointPreimage(key, said),
    );
    return { ...said, signature: { kid: 'cloud', value } };
  }

  #isOurs(stream: JournalStream, epoch: number, { signature, ...said }: JournalCheckpoint): boolean {
    const key = { terminal: this.#terminal, epoch, stream };
    const own = signText(
      privateKeyOf('ed25519', this.keys.privateKey),
      checkpointContext,
      checkpointPreimage(key, said),
    );
    return own === signature.value;
  }
}
