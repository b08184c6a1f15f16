import { after, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { pairingDigits } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import type { DigitsAlarm } from './digits-alarm.ts';
import type { Fleet } from './fleet.ts';
import type { offerClaimed, OfferClaim, offerLook, TerminalOffer } from './offer-contract.ts';
import { isKept, offerCodeHash, type SuitorOf } from './offer-pairing.ts';
import * as rules from './offer-rules.ts';
import * as offers from './offer-store.ts';
import * as rows from './store.ts';

const windowOf = (now: InstantMs): InstantMs => instant(now - (now % rules.tryWindowMs));

export interface OfferDesk {
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

interface DeskParts {
  readonly communities: Communities;
  readonly claims: Claims;
  readonly fleet: Fleet;
  readonly suitorOf: SuitorOf;
  readonly digitsAlarm: Pick<DigitsAlarm, 'raise'>;
}

/** The console's side of claiming a machine: the code, the digits, the entrance. */
export function createOfferDesk(
  platform: Platform,
  { communities, claims, fleet, suitorOf, digitsAlarm }: DeskParts,
): OfferDesk {
  const { store, clock, audit } = platform;

  const shown = (q: Reads, offer: offers.OfferRow) => shownOffer(q, offer, suitorOf);

  const kept = async (q: Reads, id: string): Promise<offers.OfferRow> => {
    const offer = await offers.findOffer(q, { id });
    if (!offer || !isKept(offer, clock.now())) throw notFound('terminal offer');
    return offer;
  };

  /** The terminal whose machine this one becomes: the one at the entrance, or a new one. */
  const placeFor = async (q: Tx, who: Manager, { communityId }: TerminalOffer, input: OfferClaim) => {
    const { entranceId, name, replace } = input;
    const taken = await rows.findTerminal(q, { entranceId });
    if (taken?.status === 'active' && !replace) {
      throw refusal('entrance-taken', 'this entrance has a terminal already', { terminalId: taken.id });
    }
    if (taken) return taken;
    const made = await rows.findTerminal(q, { id: await fleet.insert(q, who, { communityId, entranceId, name }) });
    if (!made) throw notFound('terminal');
    return made;
  };

  const place = async (q: Tx, who: Manager, id: string, input: OfferClaim) => {
    const offer = await kept(q, id);
    const found = await shown(q, offer);
    const { communityId } = await communities.entrance(q, input.entranceId);
    if (communityId !== found.communityId) throw notFound('entrance');
    if (found.screen === 'waiting') throw refusal('offer-not-shown', 'the terminal does not show the digits yet');
    if (found.screen === 'other') throw refusal('offer-digits-differ', 'the terminal shows other digits');
    const { id: terminalId, epoch } = await claims.give(q, who, await placeFor(q, who, found, input), offer);
    await q.delete(q.t.terminalOffers).where(eq(q.t.terminalOffers.id, id));
    return { terminalId, epoch };
  };

  return {
    async look(who, { code, communityId }) {
      const seenAt = clock.now();
      const { propertyCompanyId: companyId } = await communities.get(store.read, communityId);
      const from = windowOf(seenAt);
      const tries = await store.tx((q) => offers.countTry(q, companyId, from));
      if (tries > rules.wrongCodesMax) throw refusal('too-many-requests', 'too many wrong codes; wait a while');
      const wanted = { hash: offerCodeHash(code), madeAfter: instant(seenAt - rules.codeShownMs) };
      return store.tx(async (q) => {
        const offer = await offers.takeCode(q, wanted, { communityId, companyId, seenAt });
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
        const offer = await kept(q, id);
        const facts = { reason: 'digits-differ', model: offer.model };
        await q.delete(q.t.terminalOffers).where(eq(q.t.terminalOffers.id, id));
        await audit(q, { who, action: 'terminal.refuse', subject: id, facts });
        await digitsAlarm.raise(q, offer, 'person');
      }),

    claim: (who, id, input, call) => store.tx((q) => once(q, clock, call, () => place(q, who, id, input))),
  };
}

async function shownOffer(q: Reads, offer: offers.OfferRow, suitorOf: SuitorOf): Promise<TerminalOffer> {
  const { id, communityId, companyId, seenAt, model, agentVersion } = offer;
  if (communityId === null || companyId === null || seenAt === null) throw notFound('terminal offer');
  const digits = pairingDigits(offer, await suitorOf(q, companyId));
  const screen = offer.shown === null ? 'waiting' : offer.shown === digits ? 'shown' : 'other';
  return { id, communityId, model, agentVersion, digits, screen, expiresAt: after(seenAt, rules.seenMs) };
}
