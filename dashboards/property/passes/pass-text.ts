import type { Pass } from '@gatecast/cloud-api/client';
import type { Formats } from '../../kit/format.ts';
import type { PassesWords } from '../messages/passes-zh.ts';

export const passTone: Record<Pass['state'], string> = {
  scheduled: 'is-brand',
  active: 'is-good',
  'used-up': '',
  expired: '',
  revoked: '',
};

/** It opens doors now, or will. */
export const isUsable = ({ state }: Pick<Pass, 'state'>): boolean => state === 'active' || state === 'scheduled';

/** `10:00 至 12:00`; without an end `11月22日 10:00 起，长期`. */
export function passWindowText(
  { from, to }: Pick<Pass, 'from' | 'to'>,
  m: PassesWords,
  format: Formats,
  now: number,
  zone: string,
): string {
  const begin = format.timeOrDate(from, now, zone);
  return to === null ? m.windowOpen(begin) : m.window(begin, format.timeOrDate(to, now, zone));
}

/** In groups of three or four, as a number is said over a counter: `123 456 7890`. */
export function spokenCode(code: string): string {
  const groups = code.length === 8 ? [4, 4] : code.length === 9 ? [3, 3, 3] : [3, 3, 4];
  let at = 0;
  return groups.map((length) => code.slice(at, (at += length))).join(' ');
}
