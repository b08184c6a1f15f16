import { encodePhoneCode, phoneCodePreimage, phoneStep } from '@gatecast/firmware-protocol/pass';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** The key that a resident's browser makes and cannot give away, outside of a browser. */
export class PhoneKey {
  readonly #pair: CryptoKeyPair;
  /** An uncompressed point, base64url: what the phone tells the cloud. */
  readonly publicKey: string;
  #counter = 0;

  private constructor(pair: CryptoKeyPair, publicKey: string) {
    this.#pair = pair;
    this.publicKey = publicKey;
  }

  static async make(): Promise<PhoneKey> {
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
    return new PhoneKey(pair, Buffer.from(raw).toString('base64url'));
  }

  /** The text of the QR code that the phone shows at `at` (UTC ms). */
  async codeAt(at: number, credential: string): Promise<string> {
    this.#counter += 1;
    const code = { credential, step: phoneStep(at), counter: this.#counter };
    const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = await crypto.subtle.sign(ecdsa, this.#pair.privateKey, phoneCodePreimage(code));
    return encodePhoneCode(code, new Uint8Array(signature));
  }
}
