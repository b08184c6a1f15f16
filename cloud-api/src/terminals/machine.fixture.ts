import { randomBytes } from 'node:crypto';
import {
  claimContext,
  claimPreimage,
  keyRotationContext,
  keyRotationPreimage,
  offerContext,
  offerPreimage,
  signInContext,
  signInPreimage,
  type OfferRequest,
  type SignInSession,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, pairingDigits, privateKeyOf, signText, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import type { Answer, TestApp } from '../test-app.ts';

const mark = (): string => randomBytes(16).toString('base64url');

/** A machine with keys of its own, as it talks to the cloud; its memory of its sign-ins can be copied. */
export class Machine {
  identity = newKeyPair('ed25519');
  sealing = newKeyPair('x25519');
  readonly id: string;
  session: SignInSession | undefined;
  readonly #world: TestApp;
  readonly #machine = mark();
  readonly #address: string;
  #nonce: string | undefined;

  constructor(world: TestApp, { address = '192.0.2.7', id = '' } = {}) {
    this.#world = world;
    this.#address = address;
    this.id = id;
  }

  /** The same keys and the same memory on another machine. */
  copy(address = '198.51.100.9'): Machine {
    const copy = new Machine(this.#world, { address, id: this.id });
    copy.identity = this.identity;
    copy.sealing = this.sealing;
    copy.session = this.session;
    return copy;
  }

  /** Asks what became of its offer, showing these digits. */
  async ask(shown: string | null = null, change: Partial<OfferRequest> = {}): Promise<Answer> {
    const identityKey = this.identity.publicKey;
    if (this.#nonce === undefined) {
      const challenge = await this.#world.call('POST', '/v1/terminals/offers/challenge', { body: { identityKey } });
      this.#nonce = String(challenge.body.nonce);
    }
    const unsigned = {
      identityKey,
      sealingKey: this.sealing.publicKey,
      model: 'test-21',
      agentVersion: '0.1.0',
      shown,
      nonce: this.#nonce,
      ...change,
    };
    const signature = signed(this.identity, offerContext, offerPreimage(unsigned));
    const body = { ...unsigned, signature, ...change };
    const answer = await this.#world.call('POST', '/v1/terminals/offers', { body, address: this.#address });
    this.#nonce = answer.body.nonce;
    return answer;
  }

  /** Hands in a code that it was given, as an agent does that signs it; `signer`: with somebody else's key, or with none. */
  async claim(code: string, signer: RawKeyPair | null = this.identity): Promise<Answer> {
    const keys = { code, identityKey: this.identity.publicKey, sealingKey: this.sealing.publicKey };
    const proof = signer ? { signature: signed(signer, claimContext, claimPreimage(keys)) } : {};
    return this.#world.call('POST', '/v1/terminals/claims', { body: { ...keys, ...proof, agentVersion: '0.1.0' } });
  }

  /** The digits that this machine makes of what it is told about whoever typed its code. */
  digits(seen: Answer): string {
    const keys = { identityKey: this.identity.publicKey, sealingKey: this.sealing.publicKey };
    return pairingDigits(keys, seen.body.suitor);
  }

  /** Signs in as the terminal, from where it stands; `again` repeats the last sign-in, as after a lost answer. */
  async signIn(id: string, epoch: number, { again = false, silent = false } = {}): Promise<Answer> {
    const { nonce } = (await this.#world.call('POST', `/v1/terminals/${id}/challenge`)).body;
    if (!again || !this.session) {
      const { counter = 0, mark: prev = null } = this.session ?? {};
      this.session = { counter: counter + 1, mark: mark(), prev, machine: this.#machine };
    }
    const session = silent ? undefined : { ...this.session, machine: this.#machine };
    const signature = signed(this.identity, signInContext, signInPreimage(id, epoch, nonce, session));
    const body = { nonce, epoch, signature, ...(session && { session }) };
    return this.#world.call('POST', `/v1/terminals/${id}/tokens`, { body, address: this.#address });
  }

  /** New keys, told to the cloud; `keep` is whether the machine heard the answer. */
  async rotate(id: string, epoch: number, token: string, keep = true): Promise<Answer> {
    const [identity, sealing] = [newKeyPair('ed25519'), newKeyPair('x25519')];
    const answer = await this.tellKeys(id, epoch, token, identity, sealing);
    if (keep && answer.status === 200) Object.assign(this, { identity, sealing });
    return answer;
  }

  tellKeys(id: string, epoch: number, token: string, identity: RawKeyPair, sealing: RawKeyPair): Promise<Answer> {
    const keys = { from: this.identity.publicKey, identityKey: identity.publicKey, sealingKey: sealing.publicKey };
    const text = keyRotationPreimage(id, epoch, keys);
    const signedByOld = signed(this.identity, keyRotationContext, text);
    const signedByNew = signed(identity, keyRotationContext, text);
    return this.#world.call('POST', `/v1/terminals/${id}/keys`, { token, body: { ...keys, signedByOld, signedByNew } });
  }
}

const signed = (pair: RawKeyPair, context: string, text: string): string =>
  signText(privateKeyOf('ed25519', pair.privateKey), context, text);
