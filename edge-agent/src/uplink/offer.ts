import {
  offerChallengeResponse,
  offerContext,
  offerPreimage,
  offerResponse,
  type OfferResponse,
} from '@gatecast/firmware-protocol/messages';
import { privateKeyOf, signText } from '@gatecast/firmware-protocol/node';
import type { TerminalKeys } from '../store/identity.ts';
import { askCloud, codeOf, jsonOf } from './cloud-http.ts';

interface OfferParts {
  readonly cloudUrl: string;
  readonly keys: TerminalKeys;
  readonly model: string;
  readonly agentVersion: string;
  readonly signal: AbortSignal;
}

/** Asks the cloud again and again what became of this machine, which nobody has claimed. */
export class Offer {
  readonly #parts: OfferParts;
  #nonce: string | undefined;

  constructor(parts: OfferParts) {
    this.#parts = parts;
  }

  /** `shown`: the digits on the screen now. Rejects as `askCloud` does. */
  async ask(shown: string | null): Promise<OfferResponse> {
    try {
      return await this.#ask(shown);
    } catch (error) {
      this.#nonce = undefined;
      if (codeOf(error) !== 'challenge-expired') throw error;
      return this.#ask(shown);
    }
  }

  async #ask(shown: string | null): Promise<OfferResponse> {
    const { cloudUrl, keys, model, agentVersion, signal } = this.#parts;
    const nonce = (this.#nonce ??= await this.#challenge());
    const unsigned = {
      identityKey: keys.identity.publicKey,
      sealingKey: keys.sealing.publicKey,
      ...{ model, agentVersion, shown, nonce },
    };
    const key = privateKeyOf('ed25519', keys.identity.privateKey);
    const body = JSON.stringify({ ...unsigned, signature: signText(key, offerContext, offerPreimage(unsigned)) });
    const answer = await jsonOf(
      await askCloud(cloudUrl, { method: 'POST', path: '/v1/terminals/offers', body, signal }),
      offerResponse,
    );
    this.#nonce = 'nonce' in answer ? answer.nonce : undefined;
    return answer;
  }

  async #challenge(): Promise<string> {
    const { cloudUrl, keys, signal } = this.#parts;
    const body = JSON.stringify({ identityKey: keys.identity.publicKey });
    const path = '/v1/terminals/offers/challenge';
    return (await jsonOf(await askCloud(cloudUrl, { method: 'POST', path, body, signal }), offerChallengeResponse))
      .nonce;
  }
}
