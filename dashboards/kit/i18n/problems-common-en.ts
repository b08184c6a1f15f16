import type { problemsCommonZh } from './problems-common-zh.ts';

/** Sentences that a page may need before it could fetch the others. */
export const problemsCommonEn = {
  // The way there
  offline: 'No connection to the server. Check your network and try again.',
  'unreadable-answer': 'The server gave an answer that cannot be read. Please try again later.',
  internal: 'The server had a problem. Please try again later.',
  'invalid-request': 'Something in the form is not right. Please check it and send it again.',
  'body-too-large': 'That is too large. Please use something smaller.',
  forbidden: 'This account may not do that.',
  'not-found': 'Not found. It may have been removed.',
  'method-not-allowed': 'The server does not support this.',
  'too-many-requests': 'Too many tries. Please wait a moment.',
  'idempotency-key-reused': 'The content has changed. Please send it once more.',
  conflict: 'Somebody else has just changed this. Reload and try again.',
  // Signing in
  unauthenticated: 'Please sign in first.',
  'wrong-credentials': 'Account, password or code is wrong. Please try again.',
  'email-taken': 'There is an account with this e-mail already.',
} satisfies Record<keyof typeof problemsCommonZh, string>;
