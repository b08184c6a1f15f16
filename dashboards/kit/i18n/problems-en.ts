import type { problemsZh } from './problems-zh.ts';

export const problemsEn = {
  offline: 'No connection to the server. Check your network and try again.',
  'unreadable-answer': 'The server gave an answer that cannot be read. Please try again later.',
  'internal-error': 'The server had a problem. Please try again later.',
  'invalid-request': 'Something in the form is not right. Please check it and send it again.',
  'bad-credentials': 'Account or password is wrong. Please try again.',
  'bad-sms-code': 'The code is wrong or too old. Please ask for a new one.',
  'bad-session-link': 'This sign-in link has been used or is too old. Please get a new one.',
  unauthorized: 'Please sign in first.',
  forbidden: 'This account may not do that.',
  'not-found': 'Not found. It may have been removed.',
  'too-many-requests': 'Too many tries. Please wait a moment.',
  'already-picked-up': 'This pick-up code has been used already.',
  'bad-short-link': 'This QR code no longer works. Please scan the screen at the door again.',
} satisfies Record<keyof typeof problemsZh, string>;
