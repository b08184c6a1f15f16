import { after, hours, minutes, type DurationMs, type InstantMs } from '@gatecast/firmware-protocol';
import { doorRows, type JournalRow } from '@gatecast/firmware-protocol/messages';
import type { StandingAlarm } from './contract.ts';

type AlarmKind = StandingAlarm['kind'];

/** What a row of the door's journal says about an alarm. */
export interface AlarmWord {
  readonly entranceId: string;
  readonly kind: AlarmKind;
  readonly active: boolean;
  readonly epoch: number;
  readonly seq: number;
  readonly at: InstantMs;
}

/** The last word on an alarm that is kept. */
export interface KeptAlarm {
  readonly epoch: number;
  readonly seq: number;
  readonly active: boolean;
  readonly since: InstantMs;
}

/** Alarms about a moment, which nothing ends: how long they stay in sight. The log keeps them. */
export const momentaryShownMs: ReadonlyMap<AlarmKind, DurationMs> = new Map([
  ['wrong-codes', minutes(15)],
  ['passback', minutes(15)],
  ['duress', hours(4)],
  ['code-storm', hours(1)],
  ['break-glass', hours(4)],
]);

const wordKinds: ReadonlySet<JournalRow['kind']> = new Set(['alarm', 'fire', 'mode']);

/** Undefined for rows that say nothing about an alarm, or that no schema of ours reads. */
export function alarmWord(
  row: Pick<JournalRow, 'kind' | 'body' | 'seq' | 'wallMs'>,
  epoch: number,
): AlarmWord | undefined {
  // Nearly every row is an opening: those cost nothing here.
  if (!wordKinds.has(row.kind)) return undefined;
  const place = { epoch, seq: row.seq, at: row.wallMs };
  if (row.kind === 'fire') {
    const body = doorRows.fire.safeParse(row.body).data;
    return body && { ...place, entranceId: body.entrance, kind: 'fire', active: body.active };
  }
  if (row.kind === 'mode') {
    // A program that starts knows of no fire before it; one that goes on is told right after.
    const body = doorRows.mode.safeParse(row.body).data;
    return body?.cause === 'start' ? { ...place, entranceId: body.entrance, kind: 'fire', active: false } : undefined;
  }
  const body = doorRows.alarm.safeParse(row.body).data;
  if (!body) return undefined;
  const { entrance: entranceId, alarm, active } = body;
  // Whoever called is still there until somebody has answered.
  if (alarm === 'help' && !active) return undefined;
  if (alarm === 'door-online') return { ...place, entranceId, kind: 'door-offline', active: false };
  return { ...place, entranceId, kind: alarm, active };
}

/** What to keep after another word; undefined if it is an older one than what is kept. */
export function alarmAfter(kept: KeptAlarm | undefined, word: AlarmWord): KeptAlarm | undefined {
  const { epoch, seq, active, at } = word;
  if (kept && (epoch < kept.epoch || (epoch === kept.epoch && seq <= kept.seq))) return undefined;
  const goesOn = kept?.active === true && active && kept.epoch === epoch && !momentaryShownMs.has(word.kind);
  return { epoch, seq, active, since: goesOn ? kept.since : at };
}

/** Whether an alarm that was raised and not ended is still to be shown. */
export function isInSight(
  { kind, since }: { readonly kind: AlarmKind; readonly since: InstantMs },
  now: InstantMs,
): boolean {
  const shownMs = momentaryShownMs.get(kind);
  return shownMs === undefined || now < after(since, shownMs);
}
