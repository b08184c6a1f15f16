import { createCipheriv, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { SandboxFault } from './faults.ts';

export const authorizationScheme = 'WECHATPAY2-SHA256-RSA2048';
const maxSkewSeconds = 300;

/** What an `Authorization` header of WeChat Pay v3 says. */
export interface RequestSignature {
  readonly mchid: string;
  readonly serialNo: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
}

/** Throws SandboxFault SIGN_ERROR for a header of another form. */
export function parseAuthorization(header: string | undefined): RequestSignature {
  const [scheme, rest = ''] = header?.split(/ (.*)/s) ?? [];
  const parts = new Map([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const part = (key: string): string => parts.get(key) ?? '';
  if (scheme !== authorizationScheme || !part('signature')) {
    throw new SandboxFault('SIGN_ERROR', `expected Authorization: ${authorizationScheme} mchid="…",nonce_str="…",…`);
  }
  return {
    mchid: part('mchid'),
    serialNo: part('serial_no'),
    timestamp: part('timestamp'),
    nonce: part('nonce_str'),
    signature: part('signature'),
  };
}

/** Five lines, each ended by a line feed: method, path with query, seconds, nonce, body. */
export const requestText = (method: string, path: string, timestamp: string, nonce: string, body: string): string =>
  `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`;

/** Three lines: seconds, nonce, raw body; for callbacks and answers. */
const answerText = (timestamp: string, nonce: string, body: string): string => `${timestamp}\n${nonce}\n${body}\n`;

/** Throws SandboxFault SIGN_ERROR unless `signed` was made by this key within five minutes of `nowSecond`. */
export function checkRequest(text: string, signed: RequestSignature, publicKeyPem: string, nowSecond: number): void {
  if (!(Math.abs(nowSecond - Number(signed.timestamp)) <= maxSkewSeconds)) {
    throw new SandboxFault('SIGN_ERROR', 'the timestamp is more than five minutes off');
  }
  if (!verify('sha256', Buffer.from(text), publicKeyPem, Buffer.from(signed.signature, 'base64'))) {
    throw new SandboxFault('SIGN_ERROR', `the signature does not fit; the sandbox signs over ${JSON.stringify(text)}`);
  }
}

export interface SandboxKey {
  readonly serialNo: string;
  readonly privateKeyPem: string;
}

export function newSandboxKey(mode: 'public-key' | 'certificate'): SandboxKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    serialNo:
      mode === 'public-key'
        ? `PUB_KEY_ID_${randomBytes(16).toString('hex').toUpperCase()}`
        : randomBytes(20).toString('hex').toUpperCase(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

export const publicPemOf = (key: SandboxKey): string =>
  createPublicKey(key.privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();

/** The four headers under which the sandbox speaks for itself. */
export function signedHeaders(key: SandboxKey, nowSecond: number, body: string): Record<string, string> {
  const timestamp = String(nowSecond);
  const nonce = randomBytes(16).toString('hex');
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': key.serialNo,
    'Wechatpay-Signature': sign('sha256', Buffer.from(answerText(timestamp, nonce, body)), key.privateKeyPem).toString(
      'base64',
    ),
  };
}

/** `resource` of a callback: AES-256-GCM under the merchant's APIv3 key, the tag behind the text. */
export function sealResource(apiV3Key: string, kind: string, text: string, told: string = kind) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(kind));
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return {
    original_type: kind,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealed.toString('base64'),
    nonce,
    associated_data: told,
  };
}
