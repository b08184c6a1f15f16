import { faults, type Finding } from './findings.ts';
import type { AuditResult } from './journal-audit.ts';

export interface AuditRun extends AuditResult {
  readonly seconds: number;
  /** The keys came with what was checked. */
  readonly areKeysItsOwn: boolean;
}

/** Lines for people. */
export function textReport({ counts, findings, isCut, seconds, areKeysItsOwn }: AuditRun): string {
  const n = (value: number) => value.toLocaleString('en');
  const pace = seconds > 0 ? ` (${n(Math.round(counts.rows / seconds))} rows/s)` : '';
  const said = [
    ...findings.map(sentence),
    ...(isCut ? ['… and more'] : []),
    `${n(counts.rows)} rows in ${n(counts.streams)} streams, ${n(counts.checkpoints)} checkpoints${pace}.`,
    ...(counts.declaredLost > 0
      ? [`${n(counts.declaredLost)} rows were dropped by full disks, exactly as the terminals say.`]
      : []),
    ...(counts.unsigned > 0 ? [`${n(counts.unsigned)} rows stand before the first signature of their terminal.`] : []),
    ...(areKeysItsOwn
      ? ['The keys are those that came along; compare them with the ones you trust, or give them with --key.']
      : []),
    findings.length === 0 ? 'Nothing is wrong.' : 'This is not the journal that the terminals have written.',
  ];
  return `${said.join('\n')}\n`;
}

function sentence({ terminal, epoch, stream, seq, to, fault, detail }: Finding): string {
  const rows = to === undefined ? `row ${seq}` : `rows ${seq} to ${to}`;
  return `${terminal} (claim ${epoch}) ${stream} ${rows}: ${fault}: ${faults[fault]}${detail === undefined ? '' : `; ${detail}`}`;
}

/** One JSON object a finding, the summary last. */
export function jsonReport({ counts, findings, isCut, seconds, areKeysItsOwn }: AuditRun): string {
  const ok = findings.length === 0;
  const rowsPerSecond = seconds > 0 ? Math.round(counts.rows / seconds) : null;
  const summary = { ok, findings: findings.length, isCut, areKeysItsOwn, ...counts, rowsPerSecond };
  return [...findings, summary].map((one) => `${JSON.stringify(one)}\n`).join('');
}
