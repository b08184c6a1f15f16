import { offerContext, offerPreimage, offerResponse, type OfferResponse } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, pairingDigits, privateKeyOf, signText } from '@gatecast/firmware-protocol/node';

/** A machine without a door or a screen that asks to be claimed, as far as a page of the console sees it. */
export class OfferedMachine {
  readonly #cloudUrl: string;
  readonly #identity = newKeyPair('ed25519');
  readonly #sealing = newKeyPair('x25519');

  constructor(cloudUrl: string) {
    this.#cloudUrl = cloudUrl;
  }

  /** The code on its screen. */
  async code(): Promise<string> {
    const answer = await this.#ask(null);
    if (answer.state !== 'waiting') throw new Error(`the offer is ${answer.state}`);
    return answer.code;
  }

  /** Once somebody has typed the code: its screen shows the digits. */
  async showDigits(): Promise<void> {
    const answer = await this.#ask(null);
    if (answer.state !== 'seen') throw new Error(`the offer is ${answer.state}`);
    const keys = { identityKey: this.#identity.publicKey, sealingKey: this.#sealing.publicKey };
    await this.#ask(pairingDigits(keys, answer.suitor));
  }

  async #ask(shown: string | null): Promise<OfferResponse> {
    const identityKey = this.#identity.publicKey;
    const challenge = (await this.#post('/challenge', { identityKey })) as { nonce: string };
    const unsigned = {
      identityKey,
      sealingKey: this.#sealing.publicKey,
      model: 'linux-x64',
      agentVersion: '0.1.0',
      shown,
      nonce: challenge.nonce,
    };
    const key = privateKeyOf('ed25519', this.#identity.privateKey);
    const signature = signText(key, offerContext, offerPreimage(unsigned));
    return offerResponse.parse(await this.#post('', { ...unsigned, signature }));
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const answer = await fetch(`${this.#cloudUrl}/v1/terminals/offers${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the offer is refused: HTTP ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
