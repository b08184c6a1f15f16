import { instant, newId } from '@gatecast/firmware-protocol';
import {
  checkpointContext,
  checkpointPreimage,
  genesisHash,
  type JournalStream,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf, rowHash, signHead, signText } from '@gatecast/firmware-protocol/node';
import type { AuditedStream, CheckpointRecord, DisputeRecord, JournalSource, RowRecord } from './records.ts';

/** One stream as it was written, to be tampered with. */
export interface Chain {
  readonly key: StreamKey;
  rows: RowRecord[];
  checkpoints: CheckpointRecord[];
  disputes: DisputeRecord[];
  head: { seq: number; hash: string } | null;
}

export const cloudKey = newKeyPair('ed25519');
const identity = newKeyPair('ed25519');

interface Body {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Chains `bodies`, with a checkpoint behind every so many rows and the last. */
export function chainOf(terminal: string, stream: JournalStream, bodies: readonly Body[], everyRows: number): Chain {
  const key = { terminal, epoch: 1, stream };
  let prev = genesisHash;
  const rows = bodies.map((said, index): RowRecord => {
    const row = {
      seq: index + 1,
      ...said,
      wallMs: instant(1_000 + index),
      monoMs: index,
      boot: 'boot',
      clock: 'synced' as const,
      privateHash: null,
    };
    prev = rowHash(key, { ...row, prev });
    return { type: 'row', ...row, hash: prev };
  });
  const signed = rows.filter(({ seq }) => seq % everyRows === 0 || seq === rows.length);
  const checkpoints = signed.map((row) => signedAt(key, row));
  return { key, rows, checkpoints, disputes: [], head: { seq: rows.length, hash: prev } };
}

export function signedAt(key: StreamKey, { seq, hash }: { seq: number; hash: string }): CheckpointRecord {
  const signature = signHead(privateKeyOf('ed25519', identity.privateKey), key, { seq, hash });
  const said = { seq, hash, at: instant(5_000), proof: { publicKey: identity.publicKey, signature } };
  const value = signText(
    privateKeyOf('ed25519', cloudKey.privateKey),
    checkpointContext,
    checkpointPreimage(key, said),
  );
  return { type: 'checkpoint', ...said, signature: { kid: 'cloud', value } };
}

export function sourceOfChains(chains: readonly Chain[]): JournalSource {
  return {
    header: {
      type: 'gatecast-journal',
      v: 1,
      at: instant(9_000),
      keys: [{ kid: 'cloud', publicKey: cloudKey.publicKey }],
    },
    async *streams() {
      for (const { key, head, rows, checkpoints, disputes } of chains) {
        const stream: AuditedStream = {
          type: 'stream',
          ...key,
          head,
          async *parts() {
            const parts = [...rows, ...checkpoints].toSorted(
              (a, b) => a.seq - b.seq || (a.type === b.type ? 0 : a.type === 'row' ? -1 : 1),
            );
            yield* parts;
            yield* disputes;
          },
        };
        yield stream;
      }
    },
    close: async () => undefined,
  };
}

export const newTerminal = (): string => newId('terminal');
