import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trustedAuthorities } from './authorities.ts';

let folder: string;
const file = () => join(folder, 'ca.pem');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-ca-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a file of roots is believed and nobody else', () => {
  const roots = rootCertificates.slice(0, 2);
  writeFileSync(file(), `the roots of this site\n${roots.join('\n')}\n`);
  expect(trustedAuthorities(file())).toEqual(roots);
});

test('without a file the roots of Node are believed, and those of the machine', () => {
  expect(trustedAuthorities(undefined)).toEqual(expect.arrayContaining([...rootCertificates]));
});

test('a file that is missing or empty stops the connection and not the checking', () => {
  expect(() => trustedAuthorities(file())).toThrow(/cannot be read/);
  writeFileSync(file(), 'no certificate');
  expect(() => trustedAuthorities(file())).toThrow(/no certificate/);
});

test('a broken certificate is told of, instead of being one that nobody shows', () => {
  const [first = '', second = ''] = rootCertificates;
  writeFileSync(file(), `${first}\n${second.replace('\n-----END', '\n\n-----END')}\n`);
  expect(() => trustedAuthorities(file())).toThrow(/certificate 2 of .*ca\.pem is broken/);
});
