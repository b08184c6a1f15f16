import { createHmac } from 'node:crypto';
import { after, elapsed, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import {
  offerContext,
  offerPreimage,
  type OfferRequest,
  type OfferResponse,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import { requireSealingKey } from './machine-keys.ts';
import { createNonces } from './nonces.ts';
import { isKept, offerCodeHash, type SuitorOf } from './offer-pairing.ts';
import * as rules from './offer-rules.ts';
import * as offers from './offer-store.ts';
import * as rows from './store.ts';

const nonceSubject = (identityKey: string): string => `offer:${identityKey}`;
const addressTagLength = 22;

export interface Offers {
  challenge(identityKey: string): Promise<{ readonly nonce: string }>;
  /**
   * What became of a machine that asks to be claimed; the first time it becomes known. Rejects with `challenge-expired`, `wrong-credentials` or
   * `too-many-requests`.
   */
  ask(request: OfferRequest, address: string | undefined): Promise<OfferResponse>;
}

/** The machine's side of being claimed: it asks, shows what it is told, and asks again. */
export function createOffers(platform: Platform, claims: Claims, suitorOf: SuitorOf): Offers {
  const { store, clock, signer, jobs, publicUrl } = platform;
  const nonces = createNonces(platform);

  jobs.handle('terminals.offers', {
    everyMs: rules.noteAskedEveryMs,
    run: () => store.tx((q) => offers.pruneOffers(q, instant(clock.now() - rules.silentOfferMs), clock.now())),
  });

  /** The same offer at the same moment has the same code: it is stored nowhere, and told again. */
  const codeOf = async (q: Reads, identityKey: string, madeAt: InstantMs): Promise<string> => {
    const key = await signer.derive(q, 'challenge', platformOwner, 'offer-code');
    return rules.codeOf(createHmac('sha256', key).update(`${identityKey}|${madeAt}`).digest());
  };

  const addressTagOf = async (q: Reads, address: string | undefined): Promise<string | null> => {
    if (address === undefined) return null;
    const key = await signer.derive(q, 'phone-index', platformOwner, 'offer-address');
    return createHmac('sha256', key).update(address).digest('base64url').slice(0, addressTagLength);
  };

  const insert = async (q: Tx, request: OfferRequest, address: string | undefined): Promise<offers.OfferRow> => {
    const addressTag = await addressTagOf(q, address);
    const { all, here } = await offers.countOffers(q, addressTag);
    if (all >= rules.offersMax || here >= rules.offersPerAddressMax) {
      throw refusal('too-many-requests', 'too many terminals wait to be claimed; try again later');
    }
    const { identityKey, sealingKey, model, agentVersion } = request;
    const now = clock.now();
    const codeHash = offerCodeHash(await codeOf(q, identityKey, now));
    const row = {
      id: newId('offer'),
      ...{ identityKey, sealingKey, model, agentVersion, addressTag, codeHash, codeMadeAt: now, askedAt: now },
      ...{ shown: null, communityId: null, companyId: null, seenAt: null },
    };
    await q.insert(q.t.terminalOffers).values(row);
    return row;
  };

  /** What has changed in a known offer since the machine asked last. */
  const changeOf = async (q: Tx, known: offers.OfferRow, request: OfferRequest): Promise<Partial<offers.OfferRow>> => {
    const now = clock.now();
    const { sealingKey, model, agentVersion, shown } = request;
    const asked = elapsed(known.askedAt, now) >= rules.noteAskedEveryMs ? { askedAt: now } : {};
    const isSame = known.sealingKey === sealingKey && known.model === model && known.agentVersion === agentVersion;
    if (isSame && isKept(known, now)) return known.shown === shown ? asked : { ...asked, shown };
    const isFresh = known.codeHash !== null && elapsed(known.codeMadeAt, now) < rules.codeShownMs;
    if (isSame && isFresh) return asked;
    const codeHash = offerCodeHash(await codeOf(q, known.identityKey, now));
    const nobody = { communityId: null, companyId: null, seenAt: null, shown: null };
    return { ...asked, sealingKey, model, agentVersion, codeHash, codeMadeAt: now, ...nobody };
  };

  const renewed = async (q: Tx, known: offers.OfferRow, request: OfferRequest): Promise<offers.OfferRow> => {
    const change = await changeOf(q, known, request);
    if (Object.keys(change).length === 0) return known;
    await q.update(q.t.terminalOffers).set(change).where(eq(q.t.terminalOffers.id, known.id));
    return { ...known, ...change };
  };

  const answerTo = async (offer: offers.OfferRow, nonce: string): Promise<OfferResponse> => {
    const { companyId, identityKey, codeHash, codeMadeAt } = offer;
    if (codeHash === null && companyId !== null) {
      return { state: 'seen', nonce, suitor: await suitorOf(store.read, companyId) };
    }
    const code = await codeOf(store.read, identityKey, codeMadeAt);
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
      const offer = await store.tx(async (q) => {
        const known = await offers.findOffer(q, { identityKey });
        return known ? renewed(q, known, request) : insert(q, request, address);
      });
      return answerTo(offer, nonce);
    },
  };
}
