import { randomBytes } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactLine, redactText } from './log-redactor.ts';

const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ0ZXJtX3gifQ.MEUCIQDx7oZ1nKq3VfYw9bB0s8dQ';

describe('what a log line says without saying who and with what', () => {
  it.each([
    ['a bearer token', `authorization: Bearer ${jwt}`, jwt],
    ['a token of its own', `the cloud refused ${jwt}`, 'MEUCIQ'],
    ['a password in a URL', 'cannot reach mqtt://relay:s3cret@10.0.0.4:1883', 's3cret'],
    ['a token in a URL', 'GET http://127.0.0.1:4001/?token=q83hfk2 failed', 'q83hfk2'],
    ['a fragment of a URL', 'at https://gatecast.example/h5/#enter-q83hfk2', 'q83hfk2'],
    ['a query without its host', 'GET /events?token=q83hfk2&lang=zh', 'q83hfk2'],
    ['a short link', 'scanned https://gatecast.example/q/AbC123xyz_-', 'AbC123xyz'],
    ['a key in hex', 'SCBK 303132333435363738393a3b3c3d3e3f', '3031323334'],
    ['a key in base 64', 'seed 3vKq1X8yT0mN5cZ7bP2wR4sL6dF9gH1jK3qW5eR7tY8=', '3vKq1X8y'],
    ['a key in PEM', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ\n-----END PRIVATE KEY-----', 'MC4CAQAw'],
    ['a PIN', 'refused 739154 at the gate', '739154'],
    ['a PIN beside a word', 'pin739154: wrong', '739154'],
    ['a PIN in groups', 'the code 7391 5482', '5482'],
    ['a PIN in wide digits', '密码７３９１５４', '７３９１'],
    ['typed keys', 'keys 1203*7391#', '7391'],
    ['a short code', 'code=4815#', '4815'],
    ['a claim code', 'claimed with 0123456789AB', '0123456789AB'],
    ['a claim code in groups', 'claimed with H3K9-M2P7-Q8RT', 'M2P7'],
    ['a phone', 'text to 13812345678', '13812345678'],
    ['a phone in groups', 'text to +86 138-1234-5678', '1234'],
    ['a phone abroad', 'text to +44 20 7946 0958', '7946'],
    ['a phone with points', 'text to 138.1234.5678', '1234'],
    ['a phone with low lines', 'text to 138_1234_5678', '1234'],
    ['a phone in wide digits', '打给 １３８１２３４５６７８', '１３８'],
    ['an address', 'mail to wang.fang@mail.example', 'wang.fang'],
    ['an address with a wide sign', 'mail to wang.fang＠mail.example', 'wang.fang'],
    ['a card of 26 bits', 'card 45678 is not listed', '45678'],
    ['a card and its facility', 'facility 123, card number 45678', '45678'],
    ['a card in Chinese', '卡号：45678', '45678'],
    ['a card inside JSON', 'sent {"cardNo":"45678"}', '45678'],
    ['a card in hex', 'uid 04A32B1C', '04A32B1C'],
    ['a card byte by byte', 'UID: 04 A3 2B 1C', '2B'],
    ['a card with colons', 'read 04:A3:2B:1C:9F:60:80', '9F'],
    ['a card in bits', 'wiegand 11010101010101010101010101', '1101'],
    ['a key byte by byte', 'SCBK 30 31 32 33 34 35 36 37 38 39 3A 3B 3C 3D 3E 3F', '3D'],
    ['a buffer', '<Buffer 30 31 32 33 34 35 36 37 38 39 3a 3b>', '3b'],
    ['a bank card', 'paid with 6222-0212-3456-7890', '7890'],
    ['an identity card', '身份证 11010119900307451X', '11010119900307'],
    ['a code that was texted', '验证码 4815', '4815'],
    ['a code on the screen', 'the code is H3K9M2', 'H3K9M2'],
    ['keys one by one', 'typed 1,2,0,3,*,7', '2,0'],
    ['a password behind a blank', 'password hunter2', 'hunter2'],
    ['a password in Chinese', '密码：hunter2', 'hunter2'],
    ['a cookie', 'cookie: sid=abc123; theme=dark', 'abc123'],
    ['a unit', 'nobody home in unit 1203', '1203'],
  ])('%s is gone', (_what, text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactLine(text)).not.toContain(secret);
    expect(redactLine(JSON.stringify({ level: 30, msg: text, err: { stack: text } }))).not.toContain(secret);
  });

  it.each([
    'token',
    'accessToken',
    'password',
    'pin',
    'digits',
    'privateKey',
    'key',
    'claimCode',
    'phone',
    'unit',
    'tag',
    'last4',
    'card',
    'cardNumber',
    'card_no',
    'uid',
    'smsCode',
    'visitorCode',
    'jwt',
    'resident',
    'lastName',
  ])('a field called %s is gone, whatever it holds', (field) => {
    for (const value of ['ab1', 48, ['ab1'], { deep: 'ab1' }])
      expect(JSON.parse(redactLine(JSON.stringify({ [field]: value, deep: { [field]: value } })))).toEqual({
        [field]: '[redacted]',
        deep: { [field]: '[redacted]' },
      });
  });

  it('a number of six digits is a code, unless it counts or tells a time', () => {
    const line = { time: 1_790_000_000_000, seq: 1_234_567, heldMs: 300_000, odd: 739_154, small: 12_345 };
    expect(JSON.parse(redactLine(JSON.stringify(line)))).toEqual({ ...line, odd: '[redacted]' });
  });

  it('a number where a count stands is none when it is as long as a telephone’s, and a code of digits is one', () => {
    const line = { to: 13_812_345_678, line: 13_812_345_678, code: 4_815, bytes: [48, 49, 50, 51, 52] };
    expect(new Set(Object.values(JSON.parse(redactLine(JSON.stringify(line)))))).toEqual(new Set(['[redacted]']));
    expect(redactLine('{"code":"4815"}')).toBe('{"code":"[redacted]"}');
    const kept = { to: 1_234_567, freeBytes: 13_812_345_678, code: 'ECONNRESET', exitCode: 75, percents: [10, 50] };
    expect(JSON.parse(redactLine(JSON.stringify(kept)))).toEqual(kept);
  });

  it.each([
    'exit code 75',
    'HTTP status code 503',
    'code ECONNREFUSED',
    'retry 3 of 10 after 12345 ms',
    'connected to 192.168.10.200:1883',
    'release 1.4.0-rc.1 since 2026-11-23T08:15:30.123Z',
    'the token was refused, the card is not listed',
    `the credential ${newId('credential')} was used at 22 08:15:30`,
  ])('%s stays', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('what somebody needs who looks for a fault stays', () => {
    const line = {
      level: 40,
      time: 1_790_000_000_000,
      pid: 4_242,
      name: 'edge-agent',
      code: 'command-wrong-session',
      command: newId('command'),
      community: newId('community'),
      version: 42,
      err: { type: 'DomainError', message: 'connect ECONNREFUSED 127.0.0.1:18883' },
      msg: 'the line to the broker is down since 2026-11-23, at http://127.0.0.1:4002/v1/time',
    };
    expect(JSON.parse(redactLine(JSON.stringify(line)))).toEqual(line);
    const stack = '    at Connection.#connect (/opt/gatecast/current/edge-agent/src/uplink/connection.ts:104:20)';
    expect(redactLine(stack)).toBe(stack);
  });

  it('no key, token, PIN or phone survives wherever it stands', () => {
    const secret = fc.oneof(
      fc.constant(0).map(() => randomBytes(16).toString('hex')),
      fc.constant(0).map(() => randomBytes(32).toString('base64')),
      fc.constant(0).map(() => newKeyPair('ed25519').privateKey),
      fc.integer({ min: 100_000, max: 9_999_999_999 }).map(String),
      fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String),
    );
    const words = fc.constantFrom('refused ', 'key=', '(', '"', '门', 'x: ', '\n', '/', '');
    fc.assert(
      fc.property(secret, words, words, (text, before, after) => {
        const line = `${before}${text}${after}`;
        expect(redactText(line)).not.toContain(text);
        expect(redactLine(JSON.stringify({ msg: line, list: [line], [line]: 1 }))).not.toContain(text);
      }),
      { numRuns: 500 },
    );
  });
});
