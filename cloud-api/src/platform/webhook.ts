import { createHmac } from 'node:crypto';
import { lookup as resolve } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Bytes of an answer that are read before the line is cut: nobody wants to know what it says. */
const answerBytesMax = 16 * 1024;
const timeoutMs = 10_000;

/** Networks that are nobody's in the world: IANA's special-purpose registries, and what IPv6 wraps IPv4 in. */
const privateNetworks = new BlockList();
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]) {
  const [address = '', bits] = network.split('/');
  privateNetworks.addSubnet(address, Number(bits), 'ipv4');
}

/** Only 2000::/3 is given out; of it these are not: documentation, 6to4, Teredo and its neighbours. */
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');
const specialV6 = new BlockList();
for (const [address, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  specialV6.addSubnet(address, bits, 'ipv6');

/** Whether an address is one that anybody in the world could reach. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !privateNetworks.check(address, 'ipv4');
  return family === 6 && globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
}

/** Why no message may go to an address as it is written; undefined: as far as can be seen without asking for its name, it may. */
export function urlFault(text: string, mayBePrivate: boolean): 'not-https' | 'has-credentials' | 'private' | undefined {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(mayBePrivate && url.protocol === 'http:')) return 'not-https';
  if (url.username !== '' || url.password !== '') return 'has-credentials';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (mayBePrivate) return undefined;
  if (host === 'localhost' || host.endsWith('.localhost')) return 'private';
  return isIP(host) !== 0 && !isPublicAddress(host) ? 'private' : undefined;
}

/**
 * Looks a name up and refuses if any of its addresses is private. The socket connects to the very addresses that were checked: a name that
 * changes between the check and the call reaches nothing.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    if (addresses.some(({ address }) => !isPublicAddress(address)))
      return callback(new Error('the name leads to a private address'), '');
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    return callback(null, first?.address ?? '', first?.family);
  });
};

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over the time, a dot and the body, so that whoever takes it can refuse what is old. */
export const webhookSignature = (secret: string, atSecond: number, body: string): string =>
  `t=${atSecond},v1=${createHmac('sha256', secret).update(`${atSecond}.${body}`).digest('hex')}`;

export interface WebhookCall {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly mayBePrivate: boolean;
  readonly signal: AbortSignal;
}

/** Posts and answers the status. Follows no redirects; rejects if the address may not be called, nobody answers in time, or the answer is no 2xx. */
export async function postWebhook({ url, body, headers, mayBePrivate, signal }: WebhookCall): Promise<number> {
  const fault = urlFault(url, mayBePrivate);
  if (fault) throw new Error(`the address may not be called: ${fault}`);
  const target = new URL(url);
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    // A connection of its own: one that was made under another setting must not be used again.
    agent: false,
    ...(mayBePrivate ? {} : { lookup: guardedLookup }),
  };
  const status = await new Promise<number>((done, failed) => {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(target, options, (answer) => {
      let read = 0;
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > answerBytesMax) answer.destroy();
      });
      answer.on('error', failed);
      answer.on('close', () => done(answer.statusCode ?? 0));
    });
    request.on('error', failed);
    request.end(body);
  });
  if (status < 200 || status > 299) throw new Error(`it answered ${status}`);
  return status;
}
