import { createHash, createHmac } from 'node:crypto';
import { after, elapsed, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import {
  offerContext,
  offerPreimage,
  type OfferRequest,
  type OfferResponse,
  type Suitor,
} from '@gatecast/firmware-protocol/messages';
import { pairingDigits, publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import type { Fleet } from './fleet.ts';
import { requireSealingKey } from './machine-keys.ts';
import { createNonces } from './nonces.ts';
import type { offerClaimed, OfferClaim, offerLook, TerminalOffer } from './offer-contract.ts';
import * as rules from './offer-rules.ts';
import * as offers from './offer-store.ts';
import * as rows from './store.ts';

const nonceSubject = (identityKey: string): string => `offer:${identityKey}`;
const hashOf = (code: string): string => createHash('sha256').update(`offer|${code}`).digest('base64url');
const windowOf = (now: InstantMs): InstantMs => instant(now - (now % rules.tryWindowMs));

export interface Offers {
  challenge(identityKey: string): Promise<{ readonly nonce: string }>;
  /**
   * What became of a machine that asks to be claimed; the first time it becomes known. Rejects with `challenge-expired`, `wrong-credentials` or
   * `too-many-requests`.
   */
  ask(request: OfferRequest, address: string | undefined): Promise<OfferResponse>;
  /** Keeps the machine that shows this code for the community. Rejects with `unknown-claim-code` or `too-many-requests`. */
  look(who: Manager, input: z.output<typeof offerLook>): Promise<TerminalOffer>;
  show(id: string): Promise<TerminalOffer>;
  /** Rejects with `not-found` unless the machine is kept for a community that `who` manages. */
  mayDecide(q: Reads, who: Manager, id: string): Promise<void>;
  /** The screen shows other digits: the machine must ask anew, and the operator is told. */
  refuse(who: Manager, id: string): Promise<void>;
  /** Rejects with `offer-not-shown`, `offer-digits-differ`, `entrance-taken`, or `not-found` for an entrance of another community. */
  claim(who: Manager, id: string, input: OfferClaim, call: Call): Promise<z.output<typeof offerClaimed>>;
}

/** How a machine on a wall finds its property: it shows a code, somebody types it, both compare digits. */
export function createOffers(platform: Platform, communities: Communities, claims: Claims, fleet: Fleet): Offers {
  const { store, clock, signer, audit, events, jobs, publicUrl } = platform;
  const nonces = createNonces(platform);

  jobs.handle('terminals.offers', {
    everyMs: rules.noteAskedEveryMs,
    run: () => store.tx((q) => offers.pruneOffers(q, before(clock.now(), rules.silentOfferMs), clock.now())),
  });

  /** The same offer at the same moment has the same code: it is stored nowhere, and told again. */
  const codeOf = async (q: Reads, identityKey: string, madeAt: InstantMs): Promise<string> => {
    const key = await signer.derive(q, 'challenge', platformOwner, 'offer-code');
    return rules.codeOf(createHmac('sha256', key).update(`${identityKey}|${madeAt}`).digest());
  };

  const suitorOf = async (q: Reads, companyId: string): Promise<Suitor> => ({
    company: (await communities.companyNames(q, [companyId])).get(companyId) ?? '',
    doorAuthority: await signer.publicKey(q, 'door-authority', companyId),
    timeKey: await signer.publicKey(q, 'checkpoint', platformOwner),
  });

  const shown = async (q: Reads, offer: offers.OfferRow): Promise<TerminalOffer> => {
    const { id, communityId, companyId, seenAt, model, agentVersion } = offer;
    if (communityId === null || companyId === null || seenAt === null) throw notFound('terminal offer');
    const digits = pairingDigits(offer, await suitorOf(q, companyId));
    const screen = offer.shown === null ? 'waiting' : offer.shown === digits ? 'shown' : 'other';
    return { id, communityId, model, agentVersion, digits, screen, expiresAt: after(seenAt, rules.seenMs) };
  };

  const kept = async (q: Reads, id: string): Promise<offers.OfferRow> => {
    const offer = await offers.findOffer(q, { id });
    if (!offer || !isKept(offer, clock.now())) throw notFound('terminal offer');
    return offer;
  };

  const addressTagOf = async (q: Reads, address: string | undefined): Promise<string | null> => {
    if (address === undefined) return null;
    const key = await signer.derive(q, 'phone-index', platformOwner, 'offer-address');
    return createHmac('sha256', key).update(address).digest('base64url').slice(0, 22);
  };

  const insert = async (q: Tx, request: OfferRequest, address: string | undefined): Promise<offers.OfferRow> => {
    const addressTag = await addressTagOf(q, address);
    const { all, here } = await offers.countOffers(q, addressTag);
    if (all >= rules.offersMax || here >= rules.offersPerAddressMax) {
      throw refusal('too-many-requests', 'too many terminals wait to be claimed; try again later');
    }
    const { identityKey, sealingKey, model, agentVersion } = request;
    const now = clock.now();
    const row = {
      id: newId('offer'),
      ...{ identityKey, sealingKey, model, agentVersion, addressTag },
      ...{ codeHash: hashOf(await codeOf(q, identityKey, now)), codeMadeAt: now, askedAt: now },
      ...{ shown: null, communityId: null, companyId: null, seenAt: null },
    };
    await q.insert(q.t.terminalOffers).values(row);
    return row;
  };

  /** What has changed in a known offer since the machine asked last. */
  const renewed = async (q: Tx, known: offers.OfferRow, request: OfferRequest): Promise<offers.OfferRow> => {
    const now = clock.now();
    const { sealingKey, model, agentVersion, shown: digits } = request;
    const change: Partial<offers.OfferRow> = {};
    if (elapsed(known.askedAt, now) >= rules.noteAskedEveryMs) change.askedAt = now;
    const isSame = known.sealingKey === sealingKey && known.model === model && known.agentVersion === agentVersion;
    if (!isSame) Object.assign(change, { sealingKey, model, agentVersion });
    if (isKept(known, now) && isSame) {
      if (known.shown !== digits) change.shown = digits;
    } else if (known.codeHash === null || !isSame || elapsed(known.codeMadeAt, now) >= rules.codeShownMs) {
      const codeHash = hashOf(await codeOf(q, known.identityKey, now));
      Object.assign(change, {
        codeHash,
        codeMadeAt: now,
        communityId: null,
        companyId: null,
        seenAt: null,
        shown: null,
      });
    }
    if (Object.keys(change).length === 0) return known;
    await q.update(q.t.terminalOffers).set(change).where(eq(q.t.terminalOffers.id, known.id));
    return { ...known, ...change };
  };

  const answer = async (offer: offers.OfferRow, nonce: string): Promise<OfferResponse> => {
    const { companyId, identityKey, codeMadeAt } = offer;
    if (offer.codeHash === null && companyId !== null) {
      return { state: 'seen', nonce, suitor: await suitorOf(store.read, companyId) };
    }
    const code = await codeOf(store.read, identityKey, codeMadeAt);
    const expiresAt = after(codeMadeAt, rules.codeShownMs);
    const expiresInMs = Math.max(0, expiresAt - clock.now());
    return {
      state: 'waiting',
      nonce,
      code,
      expiresAt,
      expiresInMs,
      url: `${publicUrl()}/property/terminals/add?code=${code}`,
    };
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
      return answer(offer, nonce);
    },

    async look(who, { code, communityId }) {
      const now = clock.now();
      const { propertyCompanyId: companyId } = await communities.get(store.read, communityId);
      const from = windowOf(now);
      const tries = await store.tx((q) => offers.countTry(q, companyId, from));
      if (tries > rules.wrongCodesMax) throw refusal('too-many-requests', 'too many wrong codes; wait a while');
      const madeAfter = before(now, rules.codeShownMs);
      return store.tx(async (q) => {
        const offer = await offers.takeCode(
          q,
          { hash: hashOf(code), madeAfter },
          { communityId, companyId, seenAt: now },
        );
        if (!offer) throw refusal('unknown-claim-code', 'no terminal shows this code now');
        await offers.takeTryBack(q, companyId, from);
        await audit(q, { who, action: 'terminal.look', subject: offer.id, facts: { model: offer.model } });
        return shown(q, offer);
      });
    },

    show: async (id) => shown(store.read, await kept(store.read, id)),

    async mayDecide(q, who, id) {
      await communities.mayManage(q, who, (await kept(q, id)).communityId ?? '');
    },

    refuse: (who, id) =>
      store.tx(async (q) => {
        const { model, companyId, communityId } = await kept(q, id);
        await q.delete(q.t.terminalOffers).where(eq(q.t.terminalOffers.id, id));
        await audit(q, { who, action: 'terminal.refuse', subject: id, facts: { reason: 'digits-differ', model } });
        const place = { companyId: companyId ?? '', communityId: communityId ?? '' };
        await events.emit(q, {
          type: 'alarm',
          subject: id,
          facts: { alarm: 'terminal-digits-differ', model },
          ...place,
        });
      }),

    claim: (who, id, { entranceId, name, replace }, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const offer = await kept(q, id);
          const communityId = offer.communityId ?? '';
          if ((await communities.entrance(q, entranceId)).communityId !== communityId) throw notFound('entrance');
          const { screen } = await shown(q, offer);
          if (screen === 'waiting') throw refusal('offer-not-shown', 'the terminal does not show the digits yet');
          if (screen === 'other') throw refusal('offer-digits-differ', 'the terminal shows other digits');
          const taken = await rows.findTerminal(q, { entranceId });
          if (taken && taken.status === 'active' && !replace) {
            throw refusal('entrance-taken', 'this entrance has a terminal already', { terminalId: taken.id });
          }
          const terminalId = taken?.id ?? (await fleet.insert(q, who, { communityId, entranceId, name }));
          const known = taken ?? (await rows.findTerminal(q, { id: terminalId }));
          if (!known) throw notFound('terminal');
          const { epoch } = await claims.give(q, who, known, offer);
          await q.delete(q.t.terminalOffers).where(eq(q.t.terminalOffers.id, id));
          return { terminalId, epoch };
        }),
      ),
  };
}

const before = (now: InstantMs, ms: number): InstantMs => instant(now - ms);

/** Somebody typed its code not long ago. */
const isKept = ({ seenAt, codeHash }: offers.OfferRow, now: InstantMs): boolean =>
  codeHash === null && seenAt !== null && elapsed(seenAt, now) < rules.seenMs;
