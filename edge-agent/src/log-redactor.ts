/**
 * Takes out of a log line what must not leave the terminal. The log is written without secrets and personal data; this is for the day when
 * somebody forgot, and for what other programs put into their errors. It rather takes too much: the hash of a clip goes too.
 */

/** Stands where something was. */
const gone = '[redacted]';

/** Fields whose whole value goes, whatever it is. */
const secretField =
  /token|secret|passw|authori[sz]ation|cookie|credential|signature|session|nonce|seed|digits|phone|mobile|claim_?code|(?:key|keys|tag|pin|pins|psk|qr|last4|card)$|^(?:unit|label|plate|query|search|person|address|email)$/i;

/** Fields whose numbers tell when, how much and where in a stream: long ones are no codes. */
const countField =
  /^(?:time|at|now|pid|level|seq|version|bytes|status|port|line|errno|upTo|from|to|count|epoch)$|(?:Ms|At|Bytes|Seq|Version)$/;

interface Rule {
  readonly of: RegExp;
  /** What stays of it. */
  readonly left: string | ((found: string) => string);
}

/** Our own ids say nothing by themselves, and whoever reads the log looks for them. */
const ownId = String.raw`\b[a-z]{3,4}_[0-9a-z]{20}\b`;
const isOwnId = new RegExp(`^${ownId}$`);
const unlessOwnId = (found: string): string => (isOwnId.test(found) ? found : gone);

/** A long run is random when it is hex, or has digits beside letters, or is in both cases; words and paths are neither. */
const unlessWords = (run: string): string => {
  const isRandom =
    /^[0-9a-f]+$/i.test(run) || (/\d/.test(run) && /[a-z]/i.test(run)) || /[a-z][A-Z]+[a-z]+[A-Z]/.test(run);
  return isRandom ? unlessOwnId(run) : run;
};

/** In this order: what stands earlier may hold what comes later. */
const rules: readonly Rule[] = [
  { of: /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, left: gone },
  { of: /\b(bearer|basic)\s+[^\s"',;]+/gi, left: `$1 ${gone}` },
  // user:password@ of a URL, and everything that its query or fragment says; the short links of QR codes.
  { of: /\b([a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/@"']{0,200}@/gi, left: `$1${gone}@` },
  { of: /\b([a-z][a-z0-9+.-]{0,15}:\/\/[^\s?#"']{0,500})[?#][^\s"']*/gi, left: `$1?${gone}` },
  { of: /([?&][a-z0-9_.-]{1,60}=)[^\s&"']+/gi, left: `$1${gone}` },
  { of: /\/q\/[A-Za-z0-9_-]{6,}/g, left: `/q/${gone}` },
  // token=…, "pin": 123, password: …; codes of errors have no digits.
  {
    of: /\b([a-z_-]{0,30}(?:token|secret|password|passwd|psk|api[_-]?key)"?\s*[=:]\s*"?)[^\s"',;&}]+/gi,
    left: `$1${gone}`,
  },
  { of: /\b([a-z_-]{0,30}(?:pin|code)"?\s*[=:]\s*"?)(?=[^\s"',;&}]{0,100}\d)[^\s"',;&}]+/gi, left: `$1${gone}` },
  // What is typed at a door: UNIT*PIN#, CODE#.
  { of: /\d{1,6}\s*\*\s*\d{1,12}\s*#?/g, left: gone },
  { of: /\d{3,12}\s*#/g, left: gone },
  // JSON web tokens and the like.
  { of: /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, left: gone },
  // Keys, hashes and random strings in hex and in both alphabets of base 64.
  { of: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{20,}={1,2}/g, left: gone },
  { of: /[A-Za-z0-9_-]{22,}/g, left: unlessWords },
  // Claim codes: 12 characters of Crockford's base 32.
  {
    of: /(?<![A-Za-z0-9])(?=[A-Z-]*\d)(?:[0-9A-HJKMNP-TV-Z]{4}-?){2}[0-9A-HJKMNP-TV-Z]{4}(?![A-Za-z0-9])/g,
    left: gone,
  },
  { of: /[^\s"'<>@]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/gi, left: gone },
  { of: /\+\d{1,3}(?:[\s-]?\d{2,5}){2,4}/g, left: gone },
  // PINs, codes and telephone numbers: six digits and more, also in groups; a date is none.
  {
    of: new RegExp(String.raw`${ownId}|\b\d{4}-\d{2}-\d{2}(?!\d)|(?<!\d|\d\.)\d(?:[ -]?\d){5,}`, 'g'),
    left: (found) => (/^\d{4}-\d{2}-\d{2}$/.test(found) ? found : unlessOwnId(found)),
  },
  { of: /[０-９]{4,}/g, left: gone },
];

/** A text without what the rules know. */
export function redactText(text: string): string {
  return rules.reduce(
    (rest, { of, left }) =>
      typeof left === 'string' ? rest.replaceAll(of, left) : rest.replaceAll(of, (found) => left(found)),
    text,
  );
}

/** One line of the log: of a JSON object each field, of anything else the text. */
export function redactLine(line: string): string {
  const value = jsonOf(line);
  return typeof value === 'object' && value !== null ? JSON.stringify(redacted('', value)) : redactText(line);
}

function redacted(field: string, value: unknown): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (secretField.test(field)) return gone;
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'number') return isCode(field, value) ? gone : value;
  if (Array.isArray(value)) return value.map((item: unknown) => redacted(field, item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [redactText(name), redacted(name, item)]),
  );
}

/** Six digits and more, where no count or time is expected. */
const isCode = (field: string, value: number): boolean => Math.abs(value) >= 100_000 && !countField.test(field);

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A stack trace, or what another program wrote: it is redacted as text.
    return undefined;
  }
}
