import { compareVersions, type ReleaseManifest, type UpdateFault } from '@gatecast/firmware-protocol/messages';
import { higher } from './boot-rules.ts';

/** What runs here. */
export interface Running {
  readonly version: string;
  /** SHA-256 of the archive that it came from; undefined for one that was installed by hand. */
  readonly archive: string | undefined;
  readonly model: string;
  readonly protocol: number;
  /** The newest release that has proven itself on this machine. */
  readonly floor: string | null;
}

export type Verdict = 'install' | 'already-running' | UpdateFault;

/** Whether a genuine release is one for this machine, now. */
export function judge(manifest: ReleaseManifest, running: Running): Verdict {
  const { version, model, protocolFloor, minFrom, archive } = manifest;
  if (model !== running.model) return 'wrong-model';
  if (protocolFloor > running.protocol) return 'protocol-too-new';
  if (compareVersions(version, higher(running.floor, running.version)) < 0) return 'older-release';
  if (compareVersions(version, running.version) === 0) {
    const isSame = running.archive === undefined || running.archive === archive.sha256;
    return isSame ? 'already-running' : 'other-release-of-this-version';
  }
  return minFrom !== null && compareVersions(running.version, minFrom) < 0 ? 'step-missing' : 'install';
}
