/**
 * Why a connection, a packet or a subscription was turned away. Stable: log lines, metrics and alarms use these words.
 */
export type RefusalCode =
  // at the door
  | 'too-many-connections'
  | 'too-many-handshakes'
  | 'connect-rate'
  | 'connect-timeout'
  // in what was sent
  | 'malformed-frame'
  | 'frame-too-large'
  | 'packet-rate'
  | 'qos-2'
  // in who is speaking
  | 'empty-client-id'
  | 'wrong-client-id'
  | 'no-keys'
  | 'unknown-key'
  | 'bad-token'
  | 'token-expired'
  | 'revoked'
  // in what it asked for
  | 'foreign-will'
  | 'foreign-publish'
  | 'foreign-subscription'
  | 'too-many-subscriptions'
  // later
  | 'slow-consumer'
  | 'keepalive-timeout'
  // our own
  | 'broker-fault';

/** CONNACK return codes of MQTT 3.1.1, clause 3.2.2.3, for the refusals that are answered with one. */
const returnCodes: Partial<Record<RefusalCode, 2 | 3 | 4 | 5>> = {
  'empty-client-id': 2,
  'wrong-client-id': 2,
  'no-keys': 3,
  'broker-fault': 3,
  'unknown-key': 4,
  'bad-token': 4,
  'token-expired': 4,
};

/** An error that aedes hands back to its connection; a CONNECT is answered with its `returnCode`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly returnCode: 2 | 3 | 4 | 5;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
    this.returnCode = returnCodes[code] ?? 5;
  }
}

/** What aedes and its parser say, in our words; undefined for a line that simply broke. */
export function refusalOf(error: Error): RefusalCode | undefined {
  if (error instanceof Refusal) return error.code;
  if (error.message === 'connect did not arrive in time') return 'connect-timeout';
  if (error.message === 'keep alive timeout') return 'keepalive-timeout';
  return 'syscall' in error || error.message === 'connection closed' ? undefined : 'malformed-frame';
}
