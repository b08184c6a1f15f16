import { encodePhoneCode, phoneCodePreimage, phoneStep } from '../../kit/phone-code.ts';
import { takeCounter } from './phone-key-store.ts';

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** False where a browser has no keys of its own: an old one, or a page that did not come over HTTPS. */
export const canHoldKeys = (): boolean => isSecureContext && 'indexedDB' in window && 'subtle' in crypto;

export interface FreshKey {
  readonly privateKey: CryptoKey;
  /** The point `04 ‖ x ‖ y` in base64url, as the cloud takes it. */
  readonly publicKey: string;
}

/** A key that can sign here and never leave. */
export async function newPhoneKey(): Promise<FreshKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, ['sign']);
  return { privateKey, publicKey: base64url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))) };
}

/** The text of a code for this moment by the cloud's clock, with a counter of its own. Undefined once this phone has no key. */
export async function codeFor(now: number): Promise<string | undefined> {
  const key = await takeCounter();
  if (!key) return undefined;
  const code = { credential: key.credential, step: phoneStep(now), counter: key.counter };
  const signature = await crypto.subtle.sign(signing, key.privateKey, phoneCodePreimage(code));
  return encodePhoneCode(code, new Uint8Array(signature));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** `Chrome · Android`: enough to tell one's phones apart in a list. */
export function phoneLabel(userAgent: string): string {
  const browsers = ['MicroMessenger', 'Edg', 'HuaweiBrowser', 'MiuiBrowser', 'Firefox', 'Chrome', 'Safari'];
  const systems = ['iPhone', 'iPad', 'Android', 'HarmonyOS', 'Windows', 'Mac OS', 'Linux'];
  const named = (names: readonly string[]): string | undefined => names.find((name) => userAgent.includes(name));
  const browser = named(browsers);
  const known = browser === 'MicroMessenger' ? 'WeChat' : browser === 'Edg' ? 'Edge' : browser;
  return [known, named(systems)].filter(Boolean).join(' · ') || 'H5';
}
