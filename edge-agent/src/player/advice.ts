import type { Refusal, RefusalAdvice } from '@gatecast/firmware-protocol/messages';

/** What the screen may say of a refusal. Whatever would help to guess a code reads the same. */
export const adviceFor: Readonly<Record<Refusal, RefusalAdvice>> = {
  'bad-format': 'check-code',
  'unknown-unit': 'check-code',
  'unknown-code': 'check-code',
  'wrong-pin': 'check-code',
  'unknown-card': 'check-code',
  'unknown-qr': 'show-again',
  'bad-signature': 'show-again',
  // The phone shows another one every half minute.
  'stale-qr': 'show-again',
  'replayed-qr': 'show-again',
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
