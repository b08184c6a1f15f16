import { expect, test } from 'vitest';
import { instant, milliseconds } from '@gatecast/firmware-protocol';
import type { Session } from './access-policy.ts';
import { Admission } from './admission.ts';
import { defaultLimits } from './limits.ts';

let nowMs = 0;
const clock = { now: () => instant(nowMs), mono: () => milliseconds(nowMs) };
const calm = { connections: 0, handshakes: 0, lagMs: 0 };
const limits = {
  ...defaultLimits,
  connections: 10,
  handshakes: 5,
  connectRate: { perSecond: 10, burst: 6 },
  addressRate: { perSecond: 1, burst: 3 },
  addressFailureRate: { perSecond: 1, burst: 2 },
  clientRate: { perSecond: 1, burst: 2 },
};

const session = (subject: string, kind: 'terminal' | 'cloud' = 'terminal'): Session => ({
  subject,
  kind,
  mayPublish: () => true,
  maySubscribe: () => true,
  lapse: () => undefined,
});

test('one address cannot use up the connections of all', () => {
  const admission = new Admission(limits, clock);
  const calls = Array.from({ length: 20 }, () => admission.callerRefusal('203.0.113.1'));
  expect(calls.slice(0, 3)).toEqual([undefined, undefined, undefined]);
  expect(new Set(calls.slice(3))).toEqual(new Set(['address-rate']));
  const others = [2, 3, 4, 5].map((n) => admission.callerRefusal(`203.0.113.${n}`));
  expect(others).toEqual([undefined, undefined, undefined, 'connect-rate']);
});

test('an address whose sign-ins fail is turned away before the next one is looked at, and forgiven with time', () => {
  nowMs = 0;
  const admission = new Admission(limits, clock);
  for (let n = 0; n < 2; n += 1) admission.signInFailed('203.0.113.1');
  expect(admission.callerRefusal('203.0.113.1')).toBe('address-failures');
  expect(admission.callerRefusal('203.0.113.2')).toBeUndefined();
  nowMs = 1_000;
  expect(admission.callerRefusal('203.0.113.1')).toBeUndefined();
});

test('a proxy that speaks for others has no rates of its own, and all of them together have', () => {
  nowMs = 0;
  const admission = new Admission(limits, clock);
  for (let n = 0; n < 10; n += 1) admission.signInFailed(undefined);
  const calls = Array.from({ length: 7 }, () => admission.callerRefusal(undefined));
  expect(calls).toEqual([...Array.from({ length: 6 }, () => undefined), 'connect-rate']);
});

test('a terminal may sign in so often, a cloud process as often as it needs', () => {
  nowMs = 0;
  const admission = new Admission(limits, clock);
  const signIns = (who: Session) => [1, 2, 3].map(() => admission.signInRefusal(who));
  expect(signIns(session('terminal:a'))).toEqual([undefined, undefined, 'client-rate']);
  expect(signIns(session('terminal:b'))).toEqual([undefined, undefined, 'client-rate']);
  expect(signIns(session('service:cloud', 'cloud'))).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['too-many-connections', { ...calm, connections: 10 }],
  ['too-many-handshakes', { ...calm, handshakes: 5 }],
  ['overloaded', { ...calm, lagMs: defaultLimits.loopLagMs + 1 }],
])('%s', (code, crowd) => {
  expect(new Admission(limits, clock).crowdRefusal(calm)).toBeUndefined();
  expect(new Admission(limits, clock).crowdRefusal(crowd)).toBe(code);
});
