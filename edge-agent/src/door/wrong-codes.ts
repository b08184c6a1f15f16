import { z } from 'zod';
import { afterCode, calm, isSlowed, stormCodes, type Storm } from './code-storm.ts';
import { afterWrong, forgiveAfterMs, freeLane, isLocked, lockMsMax, type Lane } from './lockout.ts';

/** Units that were tried, and readers: a storm slows down who would try more. */
const lanesMax = 10_000;
const readersMax = 256;

/** What was typed at a reader, as far as it counts. */
export interface Tried {
  readonly reader: string;
  /** Not somebody's own code. */
  readonly isGuess: boolean;
  /** The lane in which it was wrong. */
  readonly wrongIn: string | null;
}

type Alarm = 'wrong-codes' | 'code-storm';

/**
 * What is kept over a restart: times as "so long before", since the monotonic clock begins anew. A lock goes on for what was left of it when it was kept,
 * so that cutting the power gains a guesser nothing.
 */
const agoMs = z.number().nonnegative();
const kept = z.object({
  lanes: z
    .array(z.object({ lane: z.string(), wrong: z.int().positive(), leftMs: agoMs.max(lockMsMax), agoMs }))
    .max(lanesMax),
  storms: z
    .array(z.object({ reader: z.string(), wrong: z.array(agoMs).max(stormCodes), toldAgoMs: agoMs.nullable() }))
    .max(readersMax),
});

/** Wrong codes of one terminal: by unit, by reader for codes that name nobody, and by reader for all of them. Cards and QR codes are none of its business. */
export class WrongCodes {
  readonly #lanes = new Map<string, Lane>();
  readonly #storms = new Map<string, Storm>();

  isLocked(lane: string, mono: number): boolean {
    return isLocked(this.#lanes.get(lane) ?? freeLane, mono);
  }

  isSlowed(reader: string, mono: number): boolean {
    return isSlowed(this.#storms.get(reader) ?? calm, mono);
  }

  /** A code was looked at. Returns what the property must know. */
  tried({ reader, isGuess, wrongIn }: Tried, mono: number): Alarm[] {
    const { storm, tell } = afterCode(this.#storms.get(reader) ?? calm, isGuess, mono);
    this.#remember(this.#storms, reader, storm, readersMax);
    const alarms: Alarm[] = tell ? ['code-storm'] : [];
    if (wrongIn === null) return alarms;
    const lane = afterWrong(this.#lanes.get(wrongIn) ?? freeLane, mono);
    if (this.#lanes.size >= lanesMax && !this.#lanes.has(wrongIn)) this.#forgetOne(mono);
    this.#lanes.set(wrongIn, lane);
    return isLocked(lane, mono) ? [...alarms, 'wrong-codes'] : alarms;
  }

  /** Somebody's own code. True if there was something to forgive. */
  right(lane: string): boolean {
    return this.#lanes.delete(lane);
  }

  /** For {@link restore} after a restart; lanes that are forgiven by now are not in it. */
  text(mono: number): string {
    for (const [lane, { lastWrongAt }] of this.#lanes)
      if (mono - lastWrongAt > forgiveAfterMs) this.#lanes.delete(lane);
    const state: z.infer<typeof kept> = {
      lanes: [...this.#lanes].map(([lane, { wrong, lockedUntil, lastWrongAt }]) => ({
        lane,
        wrong,
        leftMs: Math.max(0, lockedUntil - mono),
        agoMs: mono - lastWrongAt,
      })),
      storms: [...this.#storms].map(([reader, { wrongAt, toldAt }]) => ({
        reader,
        wrong: wrongAt.map((at) => mono - at),
        toldAgoMs: toldAt === null ? null : mono - toldAt,
      })),
    };
    return JSON.stringify(state);
  }

  /** Takes up what an earlier run has kept. A text that cannot be read is nothing: the door must start. */
  restore(text: string, mono: number): void {
    const { lanes, storms } = kept.safeParse(parsed(text)).data ?? { lanes: [], storms: [] };
    for (const { lane, wrong, leftMs, agoMs } of lanes) {
      this.#lanes.set(lane, { wrong, lockedUntil: mono + leftMs, lastWrongAt: mono - agoMs });
    }
    for (const { reader, wrong, toldAgoMs } of storms) {
      const wrongAt = wrong.map((ago) => mono - ago);
      this.#storms.set(reader, {
        wrongAt,
        lookedAt: wrongAt.at(-1) ?? null,
        toldAt: toldAgoMs === null ? null : mono - toldAgoMs,
      });
    }
  }

  #remember<T>(map: Map<string, T>, key: string, value: T, sizeMax: number): void {
    map.delete(key);
    map.set(key, value);
    for (const oldest of map.keys()) {
      if (map.size <= sizeMax) break;
      map.delete(oldest);
    }
  }

  #forgetOne(mono: number): void {
    for (const [lane, state] of this.#lanes) {
      if (isLocked(state, mono)) continue;
      this.#lanes.delete(lane);
      return;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
