import { newId } from '@gatecast/firmware-protocol';
import { cardPreimage } from '@gatecast/firmware-protocol/messages';
import { cardFromNumber } from '@gatecast/firmware-protocol/pass';
import type { Communities } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import type { NewCard, ShownCard } from './credential-contract.ts';
import * as rows from './credential-store.ts';
import type { LearnedCards } from './learned-cards.ts';
import type { AccessLists } from './lists.ts';
import { findPass } from './pass-store.ts';
import { residentTerms } from './resident-terms.ts';
import { pinEpoch } from './rules.ts';
import { taggerOf } from './tags.ts';

/** Live cards of one person or one pass. */
export const cardsMax = 10;

export interface Cards {
  /** The new credential's id. Rejects with `card-unreadable`, `nothing-learned`, `card-taken`, `too-many-cards` or `moved-out`. */
  addToResident(who: Account, residentId: string, input: NewCard, call: Call): Promise<string>;
  /** As above; `conflict` for a pass that is revoked or over. */
  addToPass(who: Account, passId: string, input: NewCard, call: Call): Promise<string>;
}

interface CardParts {
  readonly communities: Communities;
  readonly terminals: Pick<Terminals, 'get'>;
  readonly lists: AccessLists;
  readonly learned: LearnedCards;
}

/** Cards by the number printed on them, or as a reader learned them. Only their tags are kept. */
export function createCards(platform: Platform, parts: CardParts): Cards {
  const { store, clock, audit } = platform;
  const { communities, lists } = parts;

  const add = async (q: Tx, who: Account, holder: Holder, input: NewCard): Promise<string> => {
    const now = clock.now();
    const { communityId, terms } = holder;
    if ((await rows.countLive(q, holder.of, 'card', now)) >= cardsMax)
      throw refusal('too-many-cards', `${cardsMax} cards are the most`);
    const card = await cardOf(q, platform, parts, communityId, input);
    if (!(await rows.freeTag(q, communityId, card.tag, now)))
      throw refusal('card-taken', 'this card is somebody’s already');
    const id = newId('credential');
    const { tag, epoch, format, last4 } = card;
    await q.insert(q.t.credentials).values({
      id,
      communityId,
      kind: 'card',
      ...terms,
      label: input.label ?? terms.label ?? null,
      tag,
      epoch,
      cardFormat: format,
      cardLast4: last4,
      createdAt: now,
    });
    await audit(q, { who, action: 'card.add', subject: id, facts: holder.of });
    await lists.publish(q, communityId, [id]);
    return id;
  };
  const answered = async (work: (q: Tx) => Promise<string>, call: Call): Promise<string> =>
    (await store.tx((q) => once(q, clock, call, async () => ({ id: await work(q) })))).id;

  return {
    addToResident: (who, residentId, input, call) =>
      answered(async (q) => {
        const resident = await communities.resident(q, residentId);
        if (resident.state !== 'active') throw refusal('moved-out', 'this person has moved out');
        const terms = { unit: resident.unit, ...(await residentTerms(q, communities, resident)) };
        return add(q, who, { communityId: resident.communityId, of: { residentId }, terms }, input);
      }, call),
    addToPass: (who, passId, input, call) =>
      answered(async (q) => {
        const pass = await findPass(q, passId);
        if (!pass) throw notFound('pass');
        if (pass.revokedAt !== null || (pass.to !== null && pass.to <= clock.now()))
          throw refusal('conflict', 'this pass is over');
        return add(q, who, { communityId: pass.communityId, of: { passId }, terms: passTerms(pass) }, input);
      }, call),
  };
}

interface Holder {
  readonly communityId: string;
  readonly of: { readonly residentId: string } | { readonly passId: string };
  readonly terms: Pick<rows.CredentialRow, 'person'> & Partial<rows.CredentialRow>;
}

/** A pass's card opens what the pass opens. */
const passTerms = (pass: rows.CredentialRow) => {
  const { person, label, entranceIds, from, to, uses, openMs, scheduleId, firstUseBy, lastsMs, usedCount } = pass;
  return {
    passId: pass.id,
    person,
    label,
    entranceIds,
    from,
    to,
    uses,
    openMs,
    scheduleId,
    firstUseBy,
    lastsMs,
    usedCount,
  };
};

interface KnownCard extends ShownCard {
  readonly tag: string;
  readonly epoch: number;
}

async function cardOf(
  q: Reads,
  { signer }: Platform,
  { terminals, learned }: CardParts,
  communityId: string,
  input: NewCard,
): Promise<KnownCard> {
  if ('number' in input) {
    const card = cardFromNumber(input.format, input.number);
    if (!card) throw refusal('card-unreadable', 'this is no number of a card of that kind');
    const tag = await taggerOf(q, signer, communityId);
    return { tag: tag(cardPreimage(card.text)), epoch: pinEpoch, format: card.format, last4: card.last4 };
  }
  const row = await learned.find(q, input.commandId);
  const isHere = row && (await terminals.get(q, row.terminalId)).communityId === communityId;
  if (!isHere) throw refusal('nothing-learned', 'no card was held at a reader for this command');
  return row;
}
