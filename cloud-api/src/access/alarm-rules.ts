import type { InstantMs } from '@gatecast/firmware-protocol';
import { momentaryShownMs, type AlarmWord } from '../terminals/alarm-rules.ts';

/** What a row of the door's journal says about an alarm, and whose credential it was. */
export interface NamedWord extends AlarmWord {
  readonly credentialId: string | null;
}

/** A raising as the journal tells it; `endedAt` is null while it lasts. */
export interface Raising extends Pick<NamedWord, 'seq' | 'at' | 'credentialId'> {
  readonly endedAt: InstantMs | null;
}

/** What words say of the alarm that stood before them, and which they raised anew. */
export interface Followed {
  /** When the one that stood ended; undefined if it stands on, or none stood. */
  readonly endedAt: InstantMs | undefined;
  readonly raised: readonly Raising[];
}

/** An alarm about a moment: nothing ends it, and each is one by itself. */
export const isMomentary = (kind: AlarmWord['kind']): boolean => momentaryShownMs.has(kind);

/**
 * `words` are of one kind at one entrance, in the order of the journal. A word that raises what stands already changes nothing: a terminal says so again
 * after a restart, and whoever calls for help keeps pressing.
 */
export function followWords(stands: boolean, words: readonly NamedWord[]): Followed {
  const raised: Raising[] = [];
  let endedAt: InstantMs | undefined;
  let isStanding = stands;
  for (const { kind, active, seq, at, credentialId } of words) {
    if (active) {
      if (isStanding) continue;
      raised.push({ seq, at, credentialId, endedAt: null });
      isStanding = !isMomentary(kind);
    } else if (isStanding) {
      isStanding = false;
      const last = raised.pop();
      if (last) raised.push({ ...last, endedAt: at });
      else endedAt = at;
    }
  }
  return { endedAt, raised };
}

/** Whether somebody has still to look at it: nobody has acknowledged it, or it lasts. */
export const needsEyes = (alarm: {
  readonly kind: AlarmWord['kind'];
  readonly endedAt: InstantMs | null;
  readonly ackedAt: InstantMs | null;
}): boolean => alarm.ackedAt === null || (alarm.endedAt === null && !isMomentary(alarm.kind));

/**
 * When an acknowledged alarm is over: a call for help with the answer, and what a terminal said that is out of service, as nobody would ever end that.
 */
export function endedByAck(
  alarm: { readonly kind: AlarmWord['kind']; readonly endedAt: InstantMs | null; readonly inService: boolean },
  now: InstantMs,
): InstantMs | null {
  const isOver = alarm.kind === 'help' || !alarm.inService;
  return alarm.endedAt ?? (isOver && !isMomentary(alarm.kind) ? now : null);
}
