import type { problemsZh } from './problems-zh.ts';

export const problemsEn = {
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
  // Communities
  'unknown-zone': 'There is no such time zone.',
  'trivial-pin': 'This PIN is too simple. Avoid runs and repeated digits.',
  'phone-taken': 'This mobile number is registered already.',
  // Terminals
  'unknown-claim-code': 'The claim code is wrong.',
  'claim-expired': 'The claim code is too old. Please make a new one.',
  'entrance-taken': 'This entrance has a terminal already.',
  'challenge-expired': 'Signing in took too long. Please try again.',
  'terminal-revoked': 'This terminal is out of service.',
  'terminal-offline': 'The terminal is offline, so nothing was sent. Check its power and network.',
  'terminal-unclaimed': 'This terminal has not been claimed yet.',
  'no-such-version': 'There is no such version.',
  'journal-gap': 'The records of the terminal have a gap.',
  'journal-chain-broken': 'The records of the terminal do not check out.',
  'wrong-epoch': 'The terminal has been claimed anew.',
  'malformed-message': 'The message of the terminal cannot be read.',
  // Codes at the door
  'pass-window-invalid': 'The time is not right: the end has to be after the start and in the future.',
  'list-full': 'The access list is full. Please remove old entries first.',
  // Clips
  'transcode-timeout': 'Converting the video took too long. Please try another file.',
  'transcode-failed': 'The video could not be converted. Please try another file.',
  'video-bad-dimensions': 'The size of the picture does not fit.',
  'video-too-long': 'The video is too long; 60 seconds at most.',
  'video-too-short': 'The video is too short.',
  // Group-buy
  'already-picked-up': 'This pick-up code has been used already.',
  'bad-short-link': 'This QR code no longer works. Please scan the screen at the door again.',
} satisfies Record<keyof typeof problemsZh, string>;
