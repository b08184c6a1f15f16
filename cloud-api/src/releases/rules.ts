import { compareVersions, type ReleaseManifest } from '@gatecast/firmware-protocol/messages';
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
