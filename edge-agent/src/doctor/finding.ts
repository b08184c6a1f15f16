/** What the doctor looked at. */
export type Check =
  | 'settings'
  | 'agent'
  | 'data'
  | 'keys'
  | 'claim'
  | 'documents'
  | 'door'
  | 'cloud'
  | 'time'
  | 'broker'
  | 'disk'
  | 'screen';

/** What it found; a stable word for scripts, of which {@link sentences} makes a sentence. */
export type FindingCode =
  | 'settings-good'
  | 'settings-bad'
  | 'agent-running'
  | 'agent-stopped'
  | 'data-writable'
  | 'data-missing'
  | 'data-read-only'
  | 'keys-private'
  | 'keys-none'
  | 'keys-open'
  | 'claimed'
  | 'unclaimed'
  | 'documents-in-force'
  | 'documents-none'
  | 'database-unreadable'
  | 'door-answers'
  | 'door-silent'
  | 'door-link-broken'
  | 'door-not-configured'
  | 'cloud-answers'
  | 'cloud-name-unknown'
  | 'cloud-unreachable'
  | 'cloud-not-trusted'
  | 'cloud-answers-wrong'
  | 'time-right'
  | 'time-off'
  | 'time-unknown'
  | 'broker-reachable'
  | 'broker-unreachable'
  | 'disk-good'
  | 'disk-low'
  | 'disk-full'
  | 'screen-open'
  | 'screen-absent'
  | 'screen-port-free'
  | 'screen-port-taken';

export interface Finding {
  readonly check: Check;
  /** `bad` makes the exit code 1; `warn` is worth a look. */
  readonly state: 'good' | 'warn' | 'bad';
  readonly code: FindingCode;
  /** What it is about: an address, a file, a number. No secrets, nobody's data. */
  readonly about?: string;
}
