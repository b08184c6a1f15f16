import type { DocumentKind } from '@gatecast/firmware-protocol/messages';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Probation, probationMs, type HealthCheck, type Verdict } from './probation.ts';

describe('a version in force', () => {
  const versions = new Map<DocumentKind, number>();
  const trials = new Map<DocumentKind, number>();
  const proven: string[] = [];
  const faults: string[] = [];
  let tell: (kind: DocumentKind) => void = () => {};
  let prepare: (kind: DocumentKind) => void = () => {};
  let verdict: Verdict;
  let cannotCommit = false;
  let seenBefore: string[];
  let probation: Probation;

  const check: HealthCheck = () => {
    seenBefore.push(`v${versions.get('plan') ?? 0}`);
    return () => verdict;
  };
  const apply = (kind: DocumentKind, version: number) => {
    prepare(kind);
    versions.set(kind, version);
    trials.set(kind, version);
    tell(kind);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    versions.clear();
    trials.clear();
    proven.length = 0;
    faults.length = 0;
    seenBefore = [];
    verdict = 'good';
    cannotCommit = false;
    probation = new Probation({
      documents: {
        version: (kind) => versions.get(kind) ?? 0,
        onTrial: (kind) => {
          const version = trials.get(kind);
          return version === undefined ? undefined : { version, ends: 0 };
        },
        async endTrial(kind, version) {
          if (cannotCommit) throw new Error('the disk is full');
          trials.delete(kind);
          proven.push(`${kind} ${version}`);
          tell(kind);
        },
        onChange(listener) {
          tell = listener;
          return () => true;
        },
        beforeChange(listener) {
          prepare = listener;
          return () => true;
        },
      },
      checks: { plan: check },
      onFault: async (kind, version, reason) => void faults.push(`${kind} ${version} ${reason}`),
      onProven: () => {},
      log: pino({ level: 'silent' }),
    });
  });
  afterEach(() => {
    probation.stop();
    vi.useRealTimers();
  });

  it('has proven itself when the run has gone on for a minute without a fault, and is not looked at again', async () => {
    probation.start([]);
    apply('access', 4);
    await vi.advanceTimersByTimeAsync(probationMs - 1);
    expect(proven).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect([proven, faults]).toEqual([['access 4'], []]);
    await vi.advanceTimersByTimeAsync(10 * probationMs);
    expect(proven).toEqual(['access 4']);
  });

  it('is compared with how it was before, and taken back with the reason', async () => {
    probation.start([]);
    versions.set('plan', 7);
    verdict = { fault: 'screen-went-dark' };
    apply('plan', 8);
    expect(seenBefore).toEqual(['v7']);
    await vi.advanceTimersByTimeAsync(probationMs);
    expect([proven, faults]).toEqual([[], ['plan 8 screen-went-dark']]);
  });

  it('of which nobody can say yet is asked about again, and let be after an hour', async () => {
    probation.start([]);
    verdict = 'undecided';
    apply('plan', 8);
    await vi.advanceTimersByTimeAsync(30 * probationMs);
    expect([proven, faults]).toEqual([[], []]);
    await vi.advanceTimersByTimeAsync(31 * probationMs);
    expect([proven, faults]).toEqual([['plan 8'], []]);
  });

  it('begins anew with the next version, and after a restart in good order', async () => {
    trials.set('config', 3);
    versions.set('config', 3);
    probation.start(['config', 'plan']);
    apply('plan', 8);
    await vi.advanceTimersByTimeAsync(probationMs - 1_000);
    apply('plan', 9);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(proven).toEqual(['config 3']);
    await vi.advanceTimersByTimeAsync(probationMs);
    expect(proven).toEqual(['config 3', 'plan 9']);
  });

  it('is judged after a restart too', async () => {
    trials.set('plan', 8);
    versions.set('plan', 8);
    verdict = { fault: 'cannot-choose' };
    probation.start(['plan']);
    await vi.advanceTimersByTimeAsync(probationMs);
    expect([proven, faults]).toEqual([[], ['plan 8 cannot-choose']]);
  });

  it('stays on trial while the disk takes no writes', async () => {
    probation.start([]);
    cannotCommit = true;
    apply('access', 4);
    await vi.advanceTimersByTimeAsync(3 * probationMs);
    cannotCommit = false;
    await vi.advanceTimersByTimeAsync(probationMs);
    expect(proven).toEqual(['access 4']);
  });
});
