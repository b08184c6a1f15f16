import { faults, type Finding } from './findings.ts';
import type { AuditResult } from './journal-audit.ts';

export interface AuditRun extends AuditResult {
  readonly seconds: number;
  /** The keys came with what was checked. */
  readonly areKeysItsOwn: boolean;
  /** Of an invoice's bundle: what is wrong beside its journal. */
  readonly bundleFaults?: readonly string[];
}

/** Lines for people. */
export function textReport(run: AuditRun): string {
  const { counts, findings, isCut, seconds, areKeysItsOwn, bundleFaults } = run;
  const n = (value: number) => value.toLocaleString('en');
  const pace = seconds > 0 ? ` (${n(Math.round(counts.rows / seconds))} rows/s)` : '';
  const said = [
    ...(bundleFaults ?? []).map((fault) => `bundle: ${fault}`),
    ...findings.map(sentence),
    ...(isCut ? ['… and more'] : []),
    `${n(counts.rows)} rows in ${n(counts.streams)} streams, ${n(counts.checkpoints)} checkpoints${pace}.`,
    ...(counts.declaredLost > 0
      ? [`${n(counts.declaredLost)} rows were dropped by full disks, exactly as the terminals say.`]
      : []),
    ...(counts.expired > 0
      ? [
          `${n(counts.expired)} rows were deleted when their time was over; what follows them proves itself from there on.`,
        ]
      : []),
    ...(counts.unsigned > 0 ? [`${n(counts.unsigned)} rows stand before the first signature of their terminal.`] : []),
    ...(areKeysItsOwn
      ? ['The keys are those that came along; compare them with the ones you trust, or give them with --key.']
      : []),
    lastWord(run),
  ];
  return `${said.join('\n')}\n`;
}

function lastWord({ findings, bundleFaults = [] }: AuditRun): string {
  if (findings.length > 0) return 'This is not the journal that the terminals have written.';
  return bundleFaults.length > 0 ? 'This is not the bundle that was signed.' : 'Nothing is wrong.';
}

function sentence({ terminal, epoch, stream, seq, to, fault, detail }: Finding): string {
  const rows = to === undefined ? `row ${seq}` : `rows ${seq} to ${to}`;
  return `${terminal} (claim ${epoch}) ${stream} ${rows}: ${fault}: ${faults[fault]}${detail === undefined ? '' : `; ${detail}`}`;
}

/** One JSON object a finding, the summary last. */
export function jsonReport({ counts, findings, isCut, seconds, areKeysItsOwn, bundleFaults = [] }: AuditRun): string {
  const ok = findings.length + bundleFaults.length === 0;
  const rowsPerSecond = seconds > 0 ? Math.round(counts.rows / seconds) : null;
  const summary = { ok, findings: findings.length, isCut, areKeysItsOwn, ...counts, rowsPerSecond };
  return [...bundleFaults.map((bundle) => ({ bundle })), ...findings, summary]
    .map((one) => `${JSON.stringify(one)}\n`)
    .join('');
}
