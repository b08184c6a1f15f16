import { createHash } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import type { JournalEntry } from './journal-writer.ts';

/** Something that a gate wrote, at a moment of its day. */
export interface GateEntry {
  /** Since the beginning of the day. */
  readonly atMs: number;
  readonly entry: JournalEntry;
}

export interface BusyGate {
  readonly openingsPerDay: number;
  /** Of one clip that runs while nobody is there. */
  readonly ambientPlaysPerDay: number;
}

const dayMs = 86_400_000;
const halfHourMs = 1_800_000;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * What a gate of a large community journals in a day, in the order of its rows: each opening with its contact, its touch and its play, the clips
 * between them, the half-hours. Ids are as random as real ones.
 */
export function dayOfGate(gate: BusyGate, random: () => number, dayStart: number): GateEntry[] {
  const entrance = 'entr_0123456789abcdefghjk';
  const clips = Array.from({ length: 24 }, (_, n) => ({ clip: sha256(`clip ${n}`), campaign: campaignOf(n) }));
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from));
  const entries: GateEntry[] = [];
  const add = (atMs: number, entry: JournalEntry) => entries.push({ atMs, entry });

  const play = (atMs: number, touch: string | null, shownMs: number) => {
    const { clip, campaign } = clips[between(0, clips.length)] ?? { clip: '', campaign: null };
    const startedAt = dayStart + atMs;
    const body = {
      decision: newId('decision'),
      touch,
      billable: touch !== null,
      entrance,
      placement: 'gate',
      campaign,
      clip,
      halfHour: Math.floor(startedAt / halfHourMs) * halfHourMs,
      startedAt,
      rendered: true,
      viewable: shownMs >= 2_000,
      completed: shownMs >= 11_250,
      shownMs,
      framesPresented: Math.round(shownMs / 40) - between(0, 3),
      framesDropped: random() < 0.9 ? 0 : between(1, 6),
      muted: false,
      endReason: shownMs >= 15_000 ? 'finished' : 'replaced',
      panel: 'unproven',
      milliTouches: touch === null ? 0 : between(300, 1_001),
    };
    add(atMs + shownMs + between(20, 90), { stream: 'play', kind: 'play', body });
  };

  for (let n = 0; n < gate.openingsPerDay; n += 1) {
    const atMs = between(0, dayMs - 30_000);
    const touch = newId('touch');
    const openMs = between(2_500, 9_000);
    const opened = { entrance, via: 'pin', person: 'resident', pulseMs: 5_000, list: 41, command: null };
    const privateData = { credential: newId('credential'), touch };
    add(atMs, { stream: 'door', kind: 'opened', body: opened, privateData });
    add(atMs + 900, { stream: 'door', kind: 'contact', body: { entrance, open: true } });
    add(atMs + openMs, { stream: 'door', kind: 'contact', body: { entrance, open: false } });
    const startedAt = dayStart + atMs;
    const said = { touch, entrance, placement: 'gate', event: 'resident', unbillable: null, startedAt };
    const body = { ...said, windowMs: openMs, endedBy: 'door-closed' };
    add(atMs + openMs, { stream: 'play', kind: 'touch', body });
    play(atMs + between(60, 220), touch, between(3_000, 15_000));
  }
  for (let n = 0; n < gate.ambientPlaysPerDay; n += 1) {
    play(
      Math.floor((n * (dayMs - 60_000)) / gate.ambientPlaysPerDay) + between(0, 2_000),
      null,
      15_000 + between(0, 25),
    );
  }
  for (let at = 0; at < dayMs; at += halfHourMs) {
    const body = {
      at: dayStart + at,
      entrance,
      placement: 'gate',
      touches: { resident: between(0, 90), visitor: null },
    };
    add(at, { stream: 'play', kind: 'half-hour', body });
  }
  return entries.toSorted((a, b) => a.atMs - b.atMs);
}

/** Most clips are somebody's; the rest is the house's own. */
const campaignOf = (n: number) => (n % 4 === 0 ? null : `camp_${sha256(`campaign ${n}`).slice(0, 20)}`);
