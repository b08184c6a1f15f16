import type { useAlarmWords } from './alarm-words.ts';

type Words = ReturnType<typeof useAlarmWords>;

/** What became of a message, in words; what nobody foresaw shows as the program said it. */
export function detailText(detail: string, { details, held }: Words): string {
  if (/^\d+$/.test(detail)) return held(detail);
  const status = /(?:^HTTP |answered )(\d{3})$/.exec(detail)?.[1];
  if (status !== undefined) return details.answered(status);
  const [, words] = patterns.find(([pattern]) => pattern.test(detail)) ?? [];
  return words === undefined ? detail : details[words];
}

const patterns: readonly (readonly [RegExp, Exclude<keyof Words['details'], 'answered'>])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'unknownName'],
  [/ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|socket hang up/, 'noConnection'],
  [/timeout|timed out|aborted/i, 'noAnswer'],
  [/certificate|CERT_|SELF_SIGNED/i, 'certificate'],
  [/private address|not be called: private/, 'private'],
  [/no SMS gateway/, 'noGateway'],
];
