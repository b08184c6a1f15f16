import type { AlarmKind } from './alarm-kinds.ts';

/** Where the console shows what to do about an alarm: `docs/operating.md`, at the heading of its kind. */
export const runbookOf = (base: string, kind: AlarmKind): string => `${base}/operator/runbook#${kind}`;
