import { problemsCommonEn } from './problems-common-en.ts';
import type { KitMessages } from './zh.ts';

export const en = {
  product: 'Gatecast',
  switchLanguage: 'Switch language',
  justNow: 'just now',
  seconds: (n: number) => `${n} s`,
  minutes: (n: number) => `${n} min`,
  hoursAndMinutes: (h: number, m: number) => (m === 0 ? `${h} h` : `${h} h ${m} min`),
  days: (n: number) => (n === 1 ? '1 day' : `${n} days`),

  signIn: 'Sign in',
  signOut: 'Sign out',
  sessionExpired: 'Your session has ended. Please sign in again.',
  wrongRole: 'This account cannot use this page. Please use another one.',

  loading: 'Loading…',
  retry: 'Try again',
  loadMore: 'Load more',
  failedToLoad: 'Could not load',
  cancel: 'Cancel',
  close: 'Close',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  pageBroken: 'Something went wrong on this page',
  pageBrokenHint: 'Please reload it. If that does not help, tell us.',
  reload: 'Reload',
  requiredField: 'Please fill this in',
  problemCode: (code: string) => `Code: ${code}`,
  problems: problemsCommonEn as Readonly<Record<string, string>>,
} satisfies KitMessages;
