import type { Refusal, RefusalAdvice } from '@gatecast/firmware-protocol/messages';

/** What the screen may say of a refusal. Whatever would help to guess a code reads the same. */
export const adviceFor: Readonly<Record<Refusal, RefusalAdvice>> = {
  'bad-format': 'check-code',
  'unknown-unit': 'check-code',
  'unknown-code': 'check-code',
  'wrong-pin': 'check-code',
  'unknown-card': 'check-code',
  'unknown-qr': 'check-code',
  'bad-signature': 'check-code',
  // The phone shows the next code within half a minute.
  'stale-qr': 'wait',
  'replayed-qr': 'wait',
  'outside-schedule': 'ask-host',
  'first-use-missed': 'ask-host',
  revoked: 'check-code',
  'not-yet': 'ask-host',
  expired: 'ask-host',
  'used-up': 'ask-host',
  'wrong-entrance': 'other-door',
  locked: 'wait',
  'slow-down': 'wait',
  lockdown: 'call-property',
  'clock-unknown': 'call-property',
  'no-list': 'call-property',
  'cannot-commit': 'call-property',
  'door-offline': 'call-property',
};
