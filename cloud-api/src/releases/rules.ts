import { inDailyWindow, instant, localTime, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { compareVersions, type DownloadTerms, type ReleaseManifest } from '@gatecast/firmware-protocol/messages';
import type { Misfit } from './contract.ts';

/** What a terminal has said of itself; null: it has not. */
export interface Said {
  readonly status: 'unclaimed' | 'active' | 'revoked';
  readonly model: string | null;
  /** Version of the messages, and of the agent. */
  readonly protocol: number | null;
  readonly agentVersion: string | null;
}

/** Why a release is not for a terminal; null: it is, or nobody knows yet. The terminal judges in the same order, and has the last word. */
export function misfitOf(
  { version, model, protocolFloor, minFrom }: Pick<ReleaseManifest, 'version' | 'model' | 'protocolFloor' | 'minFrom'>,
  said: Said,
): Misfit | null {
  if (said.status !== 'active') return said.status === 'revoked' ? 'terminal-revoked' : 'unclaimed';
  if (said.model !== null && said.model !== model) return 'wrong-model';
  if (said.protocol !== null && said.protocol < protocolFloor) return 'protocol-too-new';
  const { agentVersion } = said;
  if (agentVersion === null) return null;
  if (compareVersions(version, agentVersion) < 0) return 'older-release';
  // Whoever runs it has no step to take.
  const isStep = compareVersions(version, agentVersion) > 0;
  return isStep && minFrom !== null && compareVersions(agentVersion, minFrom) < 0 ? 'step-missing' : null;
}

/** From when on a terminal that is told of a release at `at` may have fetched it and restarted for it. */
export const dueFrom = (
  { window, restartWindow }: Pick<DownloadTerms, 'window' | 'restartWindow'>,
  at: InstantMs,
  zone: string,
): InstantMs => opening(restartWindow, opening(window, at, zone), zone);

/** The first moment from `at` on at which a window is open. */
function opening(window: DownloadTerms['window'], at: InstantMs, zone: string): InstantMs {
  if (window === null) return at;
  const { minute } = localTime(at, zone);
  if (inDailyWindow(minute, window)) return at;
  const waitMinutes = (window.fromMinute - minute + dayMinutes) % dayMinutes;
  // From the beginning of that minute; where clocks are changed that night it is an hour off, which no stage minds.
  return instant(at - (at % minutes(1)) + minutes(waitMinutes));
}
const dayMinutes = 1_440;

/** How far a terminal is with the document that gave it a release. */
export interface Progress {
  readonly documentVersion: number;
  /** Versions that the terminal said are in force, and that it gave up; null before the first. */
  readonly applied: number | null;
  readonly failed: number | null;
}

export type ReleaseState = 'pending' | 'applied' | 'failed';

export function stateOf({ documentVersion, applied, failed }: Progress): ReleaseState {
  if (applied !== null && applied >= documentVersion) return 'applied';
  return failed === documentVersion ? 'failed' : 'pending';
}
