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
