import { after, instant } from '@gatecast/firmware-protocol';
import {
  offerContext,
  offerPreimage,
  type OfferRequest,
  type OfferResponse,
} from '@gatecast/firmware-protocol/messages';
import { pairingDigits, publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import type { DigitsAlarm } from './digits-alarm.ts';
import { requireSealingKey } from './machine-keys.ts';
import { createNonces } from './nonces.ts';
import { noteOffer } from './offer-book.ts';
import { offerCode } from './offer-codes.ts';
import type { SuitorOf } from './offer-pairing.ts';
import * as rules from './offer-rules.ts';
import * as offers from './offer-store.ts';
import * as rows from './store.ts';

const nonceSubject = (identityKey: string): string => `offer:${identityKey}`;

export interface Offers {
  challenge(identityKey: string): Promise<{ readonly nonce: string }>;
  /**
   * What became of a machine that asks to be claimed; the first time it becomes known. Rejects with `challenge-expired`, `wrong-credentials` or
   * `too-many-requests`.
   */
  ask(request: OfferRequest, address: string | undefined): Promise<OfferResponse>;
}

interface OfferParts {
  readonly claims: Claims;
  readonly suitorOf: SuitorOf;
  readonly digitsAlarm: Pick<DigitsAlarm, 'raise'>;
}

/** The machine's side of being claimed: it asks, shows what it is told, and asks again. */
export function createOffers(platform: Platform, { claims, suitorOf, digitsAlarm }: OfferParts): Offers {
  const { store, clock, signer, jobs, publicUrl, audit } = platform;
  const nonces = createNonces(platform);

  jobs.handle('terminals.offers', {
    everyMs: rules.noteAskedEveryMs,
    run: () => store.tx((q) => offers.pruneOffers(q, instant(clock.now() - rules.silentOfferMs), clock.now())),
  });

  /** What the machine says, whose signature was right; that it shows other digits than the console is told when it says so first. */
  const note = async (q: Tx, request: OfferRequest, address: string | undefined): Promise<offers.OfferRow> => {
    const before = request.shown === null ? undefined : await offers.findOffer(q, request);
    const offer = await noteOffer(q, platform, request, address);
    const { id, companyId, shown, model } = offer;
    if (companyId === null || shown === null || shown === before?.shown) return offer;
    if (shown === pairingDigits(offer, await suitorOf(q, companyId))) return offer;
    await audit(q, { who: 'system', action: 'terminal.other-digits', subject: id, facts: { model } });
    await digitsAlarm.raise(q, offer, 'terminal');
    return offer;
  };

  const answerTo = async (offer: offers.OfferRow, nonce: string): Promise<OfferResponse> => {
    const { companyId, codeHash, codeMadeAt } = offer;
    if (codeHash === null && companyId !== null) {
      return { state: 'seen', nonce, suitor: await suitorOf(store.read, companyId) };
    }
    const code = await offerCode(store.read, signer, offer);
    const expiresAt = after(codeMadeAt, rules.codeShownMs);
    const expiresInMs = Math.max(0, expiresAt - clock.now());
    const url = `${publicUrl()}/property/terminals/add?code=${code}`;
    return { state: 'waiting', nonce, code, expiresAt, expiresInMs, url };
  };

  return {
    challenge: async (identityKey) => ({ nonce: (await nonces.issue(nonceSubject(identityKey))).nonce }),

    async ask(request, address) {
      const { identityKey, signature } = request;
      requireSealingKey(request.sealingKey);
      if ((await nonces.expiry(nonceSubject(identityKey), request.nonce)) === undefined) {
        throw refusal('challenge-expired', 'ask for a new challenge');
      }
      if (!verifyText(publicKeyOf('ed25519', identityKey), offerContext, offerPreimage(request), signature)) {
        throw refusal('wrong-credentials', 'the signature is not of this key');
      }
      const own = await rows.findTerminal(store.read, { identityKey });
      if (own?.status === 'active') return { state: 'claimed', claim: await claims.answer(store.read, own) };
      const { nonce } = await nonces.issue(nonceSubject(identityKey));
      return answerTo(await store.tx((q) => note(q, request, address)), nonce);
    },
  };
}
