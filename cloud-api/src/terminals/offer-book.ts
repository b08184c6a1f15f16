import { elapsed, newId } from '@gatecast/firmware-protocol';
import type { OfferRequest } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { addressTag, offerCode } from './offer-codes.ts';
import { isKept, offerCodeHash } from './offer-pairing.ts';
import * as rules from './offer-rules.ts';
import * as offers from './offer-store.ts';

type Book = Pick<Platform, 'clock' | 'signer'>;

const nobody = { communityId: null, companyId: null, seenAt: null, shown: null };

/** Writes what a machine says of itself, whose signature was right; its offer afterwards. Rejects with `too-many-requests`. */
export async function noteOffer(
  q: Tx,
  book: Book,
  request: OfferRequest,
  address: string | undefined,
): Promise<offers.OfferRow> {
  const known = await offers.findOffer(q, { identityKey: request.identityKey });
  if (!known) return insert(q, book, request, address);
  const change = await changeOf(q, book, known, request);
  if (Object.keys(change).length === 0) return known;
  await q.update(q.t.terminalOffers).set(change).where(eq(q.t.terminalOffers.id, known.id));
  return { ...known, ...change };
}

async function insert(
  q: Tx,
  { clock, signer }: Book,
  { identityKey, sealingKey, model, agentVersion }: OfferRequest,
  address: string | undefined,
): Promise<offers.OfferRow> {
  const tag = await addressTag(q, signer, address);
  const { all, here } = await offers.countOffers(q, tag);
  if (all >= rules.offersMax || here >= rules.offersPerAddressMax) {
    throw refusal('too-many-requests', 'too many terminals wait to be claimed; try again later');
  }
  const now = clock.now();
  const machine = { identityKey, sealingKey, model, agentVersion, addressTag: tag };
  const codeHash = offerCodeHash(await offerCode(q, signer, { identityKey, codeMadeAt: now }));
  const row = { id: newId('offer'), ...machine, codeHash, codeMadeAt: now, askedAt: now, ...nobody };
  await q.insert(q.t.terminalOffers).values(row);
  return row;
}

/** What has changed since the machine asked last. */
async function changeOf(
  q: Tx,
  { clock, signer }: Book,
  known: offers.OfferRow,
  { sealingKey, model, agentVersion, shown }: OfferRequest,
): Promise<Partial<offers.OfferRow>> {
  const now = clock.now();
  const asked = elapsed(known.askedAt, now) >= rules.noteAskedEveryMs ? { askedAt: now } : {};
  const isSame = known.sealingKey === sealingKey && known.model === model && known.agentVersion === agentVersion;
  if (isSame && isKept(known, now)) return known.shown === shown ? asked : { ...asked, shown };
  const isFresh = known.codeHash !== null && elapsed(known.codeMadeAt, now) < rules.codeShownMs;
  if (isSame && isFresh) return asked;
  const codeHash = offerCodeHash(await offerCode(q, signer, { ...known, codeMadeAt: now }));
  return { ...asked, sealingKey, model, agentVersion, codeHash, codeMadeAt: now, ...nobody };
}
