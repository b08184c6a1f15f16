import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A key and what a certificate says of it. */
export interface Certified {
  readonly name: string;
  readonly key: KeyObject;
  readonly certPem: string;
  readonly keyPem: string;
}

/** Certificates made for a test (RFC 5280, ECDSA P-256), so that none is kept that could run out or be taken for a real one. */
export function newAuthority(name: string): Certified {
  return certify(name, undefined, [extension('551d13', true, sequence(der(0x01, Buffer.from([0xff]))))]); // basicConstraints: CA
}

/** A server's certificate; `host` a DNS name or an IPv4 address. */
export function newServer(authority: Certified, host: string): Certified {
  const isAddress = /^[\d.]+$/.test(host);
  const alternative = isAddress ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));
  return certify(host, authority, [extension('551d11', false, sequence(alternative))]); // subjectAltName
}

const ecdsaWithSha256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));

function certify(name: string, by: Certified | undefined, extensions: readonly Buffer[]): Certified {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    ecdsaWithSha256,
    distinguishedName(by?.name ?? name),
    sequence(time(-86_400_000), time(30 * 86_400_000)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, by?.key ?? privateKey);
  const bytes = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  // RFC 7468: lines of 64, the last one shorter but never empty.
  const base64 = bytes
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  return {
    name,
    key: privateKey,
    certPem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

const extension = (idHex: string, critical: boolean, value: Buffer): Buffer =>
  sequence(
    der(0x06, Buffer.from(idHex, 'hex')),
    ...(critical ? [der(0x01, Buffer.from([0xff]))] : []),
    der(0x04, value),
  );

/** One common name. */
const distinguishedName = (name: string): Buffer =>
  sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(name)))));

const time = (fromNowMs: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(Date.now() + fromNowMs).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));
