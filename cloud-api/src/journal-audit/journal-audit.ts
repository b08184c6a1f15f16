import type { JournalStream } from '@gatecast/firmware-protocol/messages';
import { findingsMax, type AuditCounts, type Finding } from './findings.ts';
import { lossesMax, lossIn, type DeclaredLoss } from './losses.ts';
import type { AuditedStream, JournalSource } from './records.ts';
import { StreamAudit } from './stream-audit.ts';

export interface AuditResult {
  readonly findings: readonly Finding[];
  /** True if there is more than is named. */
  readonly isCut: boolean;
  readonly counts: Readonly<AuditCounts>;
}

/** Public keys by kid, instead of those that the source brings along. */
export type TrustedKeys = ReadonlyMap<string, string>;

/**
 * Follows every chain of a journal and names what is wrong with it. Memory is bounded by the losses of one terminal and by `findingsMax`.
 * Rejects with what the source rejects with.
 */
export async function auditJournal(source: JournalSource, trusted?: TrustedKeys): Promise<AuditResult> {
  const counts: AuditCounts = { streams: 0, rows: 0, checkpoints: 0, declaredLost: 0, unsigned: 0, expired: 0 };
  const findings: Finding[] = [];
  let found = 0;
  const report = (finding: Finding) => {
    found += 1;
    if (findings.length < findingsMax) findings.push(finding);
  };
  const keys = trusted ?? new Map(source.header.keys.map(({ kid, publicKey }) => [kid, publicKey]));
  let losses = new Map<JournalStream, DeclaredLoss[]>();
  let owner = '';
  for await (const stream of source.streams()) {
    const name = `${stream.terminal}|${stream.epoch}`;
    if (name !== owner) losses = new Map();
    owner = name;
    if (stream.stream === 'health') losses = await lossesIn(stream);
    counts.streams += 1;
    const audit = new StreamAudit({ stream, losses: losses.get(stream.stream) ?? [], keys, counts, report });
    for await (const part of stream.parts()) audit.take(part);
    const wanted = audit.end();
    audit.settle(wanted.size > 0 ? await elsewhere(stream, wanted) : new Map());
  }
  return { findings, isCut: found > findings.length, counts };
}

async function lossesIn(health: AuditedStream): Promise<Map<JournalStream, DeclaredLoss[]>> {
  const losses = new Map<JournalStream, DeclaredLoss[]>();
  let known = 0;
  for await (const part of health.parts()) {
    const loss = lossIn(part);
    if (!loss || known >= lossesMax) continue;
    known += 1;
    losses.set(loss.stream, [...(losses.get(loss.stream) ?? []), loss]);
  }
  return losses;
}

/** Rows that carry one of the hashes at another sequence. */
async function elsewhere(
  stream: AuditedStream,
  wanted: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for await (const part of stream.parts()) {
    if (part.type === 'row' && wanted.has(part.hash) && wanted.get(part.hash) !== part.seq)
      found.set(part.hash, part.seq);
  }
  return found;
}
