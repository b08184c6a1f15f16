/**
 * Takes out of a log line what must not leave the terminal. The log is written without secrets and personal data; this is for the day when
 * somebody forgot, and for what other programs put into their errors. It rather takes too much: the hash of a clip goes too.
 */

/** Stands where something was. */
const gone = '[redacted]';

/** Fields whose whole value goes, whatever it is. */
const secretField = new RegExp(
  [
    'token|secret|passw|passcode|passphrase|authori[sz]ation|cookie|credential|signature|session|nonce|seed|digits|phone|mobile|wiegand|facility',
    '(?:claim|offer|pair|pairing|sms|otp|visitor|guest|access|door|pass|invite|unlock|verification|confirm)_?code',
    '(?:key|keys|tag|pin|pins|psk|qr|last4)$',
    'card(?:s|_?(?:no|number|id|uid|bits|data|hex))?$',
    '^(?:unit|label|plate|query|search|person|resident|holder|guest|visitor|address|email|auth|jwt|otp|uid|csn|bits|typed|keypad)$',
    '(?:first|last|full|real|user)_?name$',
  ].join('|'),
  'i',
);

/** Fields whose numbers tell when and how much: long ones are no codes. */
const timeField = /^(?:time|at|now|bytes)$|(?:Ms|At|Bytes)$/;
/** Fields whose numbers tell where in a stream, and never reach the length of a telephone number. */
const countField = /^(?:pid|level|seq|version|status|port|line|errno|upTo|from|to|count|epoch)$|(?:Seq|Version)$/;
const countMax = 1e9;

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

/** A word that tells what follows it: `pin`, `验证码`. Others may stand before it: `GATECAST_CLAIM_CODE`. */
const announcing = (words: string): string => String.raw`(?<![A-Za-z])[A-Za-z_-]{0,30}?(?:${words})"?`;
/** Between such a word and what it announces. */
const parting = String.raw`(?:\s{0,3}[=:：]\s{0,3}|\s{1,3}(?:(?:is|was|number|no\.?|为|是)\s{0,3})?|(?=[0-9]))["']?`;

/** In this order: what stands earlier may hold what comes later. None looks back over a line again and again: the longest takes some ms. */
const rules: readonly Rule[] = [
  { of: /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, left: gone },
  { of: /\b(bearer|basic)\s+[^\s"',;]+/gi, left: `$1 ${gone}` },
  { of: /\b((?:set-)?cookie:)[^\n"]+/gi, left: `$1 ${gone}` },
  // user:password@ of a URL, and everything that its query or fragment says; the short links of QR codes.
  { of: /\b([a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/@"']{0,200}@/gi, left: `$1${gone}@` },
  { of: /\b([a-z][a-z0-9+.-]{0,15}:\/\/[^\s?#"']{0,500})[?#][^\s"']*/gi, left: `$1?${gone}` },
  { of: /([?&][a-z0-9_.-]{1,60}=)[^\s&"']+/gi, left: `$1${gone}` },
  { of: /\/q\/[A-Za-z0-9_-]{6,}/g, left: `/q/${gone}` },
  // token=…, password: …, whatever it is; behind a blank only what no sentence says.
  {
    of: /((?:token|secret|password|passwd|passphrase|psk|api[_-]?key|密码|口令|密钥|令牌)"?\s{0,3}[=:：]\s{0,3}["']?)[^\s"',;&}]+/gi,
    left: `$1${gone}`,
  },
  {
    of: new RegExp(
      String.raw`(${announcing('token|secret|password|passwd|passphrase|psk|api[_-]?key|密码|口令|密钥|令牌')}${parting})(?=[^\s"',;&}]{0,100}\d)[^\s"',;&}]+`,
      'gi',
    ),
    left: `$1${gone}`,
  },
  // A card's number, also byte by byte; a unit.
  {
    of: new RegExp(
      String.raw`(${announcing('(?:cards?|badge|credential)(?:_?(?:no|number|id))?|uid|csn|wiegand|facility|unit|room|plate|卡号?|房号|车牌')}${parting})(?!${ownId})(?=[^\s"',;&}]{0,40}\d)[^\s"',;&}]+(?:[ :.-][0-9a-f]{2}\b)*`,
      'gi',
    ),
    left: `$1${gone}`,
  },
  // pin=…, "code": 123; behind a blank four characters and more. Codes of errors have no digits.
  {
    of: /\b([a-z_-]{0,30}(?:pin|code)"?\s{0,3}[=:：]\s{0,3}["']?)(?=[^\s"',;&}]{0,100}\d)[^\s"',;&}]+(?:[ -]\d{2,12})*/gi,
    left: `$1${gone}`,
  },
  {
    of: new RegExp(
      String.raw`(${announcing('pins?|codes?|keys?|digits|typed|otp|验证码|动态码|邀请码|激活码')}${parting})(?=[^\s"',;&}]{0,100}\d)[^\s"',;&}]{4,}(?:[ -]\d{2,12})*`,
      'gi',
    ),
    left: `$1${gone}`,
  },
  // What is typed at a door: UNIT*PIN#, CODE#, or key by key.
  { of: /\d{1,6}\s*\*\s*\d{1,12}\s*#?/g, left: gone },
  { of: /\d{3,12}\s*#/g, left: gone },
  { of: /(?<![\d.])\d(?:\s?,\s?[\d*#]){3,}(?![\d.])/g, left: gone },
  // JSON web tokens and the like.
  { of: /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, left: gone },
  // Keys, hashes and random strings in hex and in both alphabets of base 64; bytes one by one, as of a card or a key.
  { of: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{20,}={1,2}/g, left: gone },
  { of: /[A-Za-z0-9_-]{22,}/g, left: unlessWords },
  { of: /(?<![A-Za-z0-9])[0-9a-f]{2}([ :-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){2,}(?![A-Za-z0-9])/gi, left: gone },
  // Claim codes: 12 characters of Crockford's base 32.
  {
    of: /(?<![A-Za-z0-9]|\d-)(?=[A-Z-]{0,13}\d)(?:[0-9A-HJKMNP-TV-Z]{4}-?){2}[0-9A-HJKMNP-TV-Z]{4}(?![A-Za-z0-9]|-\d)/g,
    left: gone,
  },
  { of: /[^\s"'<>@＠]{1,64}[@＠][a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/gi, left: gone },
  { of: /\+\d{1,3}(?:[\s-]?\d{2,5}){2,4}/g, left: gone },
  { of: /(?<![\d.])\d{3,4}([._])\d{3,4}\1\d{4}(?![\d.])/g, left: gone },
  // PINs, codes, card and telephone numbers: six digits and more, also in groups; a date is none.
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
  if (typeof value === 'string') return field === 'code' && /^\d{4,}$/.test(value) ? gone : redactText(value);
  if (typeof value === 'number') return isCode(field, value) ? gone : value;
  if (Array.isArray(value)) return isBytes(value) ? gone : value.map((item: unknown) => redacted(field, item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [redactText(name), redacted(name, item)]),
  );
}

/** Six digits and more, where no count or time is expected. */
function isCode(field: string, value: number): boolean {
  const size = Math.abs(value);
  if (field === 'code') return size >= 1_000;
  if (timeField.test(field)) return false;
  return size >= (countField.test(field) ? countMax : 100_000);
}

/** What was read or typed, octet by octet. */
const isBytes = (values: readonly unknown[]): boolean =>
  values.length >= 4 &&
  values.every((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255);

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A stack trace, or what another program wrote: it is redacted as text.
    return undefined;
  }
}
