/**
 * Why a connection, a packet or a subscription was turned away. Stable: log lines, metrics and alarms use these words.
 */
export type RefusalCode =
  // at the door
  | 'too-many-connections'
  | 'too-many-handshakes'
  | 'connect-rate'
  | 'address-rate'
  | 'overloaded'
  | 'draining'
  | 'connect-timeout'
  // in what was sent
  | 'malformed-frame'
  | 'frame-too-large'
  | 'too-much-before-connect'
  | 'packet-rate'
  | 'too-many-levels'
  | 'inflight'
  | 'wrong-protocol-level'
  | 'text-frame'
  // in who is speaking
  | 'empty-client-id'
  | 'malformed-client-id'
  | 'address-failures'
  | 'client-rate'
  | 'tls-handshake'
  | 'foreign-origin'
  | 'not-mqtt'
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
  | 'subscription-rate'
  | 'retained-limit'
  // later
  | 'slow-consumer'
  | 'keepalive-timeout'
  // our own
  | 'broker-fault';

/** CONNACK return codes of MQTT 3.1.1, clause 3.2.2.3, for the refusals that are answered with one. */
const returnCodes: Partial<Record<RefusalCode, 1 | 2 | 3 | 4 | 5>> = {
  'wrong-protocol-level': 1,
  'empty-client-id': 2,
  'wrong-client-id': 2,
  'malformed-client-id': 2,
  'address-failures': 3,
  'client-rate': 3,
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
  readonly returnCode: 1 | 2 | 3 | 4 | 5;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
    this.returnCode = returnCodes[code] ?? 5;
  }
}

/** What aedes and its parser say, and the code we have for it. */
const words: readonly (readonly [RegExp, RefusalCode])[] = [
  [/^connect did not arrive in time$/, 'connect-timeout'],
  [/^keep alive timeout$/, 'keepalive-timeout'],
  [/^topic has too many levels$/, 'too-many-levels'],
  [/^maxInflightInbound exceeded/, 'inflight'],
  [/^(unacceptable|Invalid) protocol version$/, 'wrong-protocol-level'],
];

/** Why a connection was ended, in our words; undefined for a line that simply broke. */
export function refusalOf(error: Error): RefusalCode | undefined {
  if (error instanceof Refusal) return error.code;
  const known = words.find(([said]) => said.test(error.message));
  if (known) return known[1];
  return 'syscall' in error || error.message === 'connection closed' ? undefined : 'malformed-frame';
}

const failedSignIns: ReadonlySet<RefusalCode> = new Set([
  'wrong-client-id',
  'unknown-key',
  'bad-token',
  'token-expired',
  'revoked',
]);

/** True for refusals that somebody who guesses would collect. */
export const isFailedSignIn = (code: RefusalCode): boolean => failedSignIns.has(code);
