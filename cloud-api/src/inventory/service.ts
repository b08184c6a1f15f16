import { after, halfHourMs, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { DeclinedCategories } from '../content/declined-categories.ts';
import type { FileLinks } from '../content/file-links.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { createBlackouts, type Blackouts } from './blackouts.ts';
import type { SellingState } from './contract.ts';
import type { Offer, Sellable } from './decision-rules.ts';
import { createDecisions, type Decisions, type InventoryHook } from './decisions.ts';
import { createRates, pricesOf, type CellAsked, type Rates } from './rates.ts';
import { decisionOf } from './decision-of.ts';
import { requireSold, sellable, type Span } from './sellable.ts';
import { unsoldThen } from './off-sale.ts';
import * as rows from './store.ts';

/** What of the income of a half-hour is whose, as the decision says that was in force then. */
export interface OwnersShare {
  readonly decisionId: string;
  /** Of what is left after the cost of managing it. */
  readonly ownersSharePpm: number;
  readonly managementPpm: number;
}

export interface Inventory {
  readonly decisions: Decisions;
  readonly rates: Rates;
  readonly blackouts: Blackouts;
  /** Of communities that there are: why nothing is sold in the span, or what the owners allow. `unsoldThere` asks it of a half-hour at a door. */
  sellable(q: Reads, communityIds: readonly string[], span: Span): Promise<ReadonlyMap<string, Sellable>>;
  /** The same of what is past, by what was in force then. */
  readonly unsoldThen: typeof unsoldThen;
  /** For whoever runs it: what is for sale now, what is kept off and what apart. */
  state(communityId: string): Promise<SellingState>;
  /** Rejects with `no-owner-decision`, `decision-expired`, `blackout`, `outside-decision` or `not-found`. */
  requireSold(q: Reads, communityId: string, offer: Offer): Promise<void>;
  /** What one touch costs. Frozen by whoever agrees on it: the rate card changes, what was agreed does not. */
  price(q: Reads, cell: CellAsked): Promise<Fen>;
  /** The same of many cells, in few questions. */
  prices(q: Reads, communityIds: readonly string[], span: Span): Promise<(cell: CellAsked) => Fen>;
  /**
   * By the decision in force when the half-hour began or, where none was, by the first that came into force in it; where none did either, by the one that ended last
   * before it. Null: until then there was none.
   */
  ownersShareAt(q: Reads, communityId: string, at: InstantMs): Promise<OwnersShare | null>;
  /** Runs in the transaction that changes what is for sale: of a community, or (null) of all. */
  onChange(hook: InventoryHook): void;
}

export interface InventoryParts {
  readonly communities: Communities;
  /** Where documents are kept. */
  readonly papers: BlobStore;
  readonly links: FileLinks;
  readonly declined: Pick<DeclinedCategories, 'of'>;
}

export function createInventory(
  platform: Platform,
  { communities, papers, links, declined }: InventoryParts,
): Inventory {
  const hooks: InventoryHook[] = [];
  const changed: InventoryHook = async (q, communityId) => {
    for (const hook of hooks) await hook(q, communityId);
  };
  const halfHourAt = (at: InstantMs): Span => ({ from: at, to: after(at, halfHourMs) });
  const decisions = createDecisions(platform, { communities, papers, links, changed });
  return {
    decisions,
    rates: createRates(platform, communities),
    blackouts: createBlackouts(platform, communities, changed),
    sellable: (q, ids, span) => sellable(q, communities, ids, span),
    unsoldThen,
    async state(communityId) {
      const { store, clock, config } = platform;
      const { id, name, zone } = await communities.get(store.read, communityId);
      const states = await sellable(store.read, communities, [communityId], halfHourAt(clock.now()));
      const decision = await decisions.inForce(communityId);
      const { categories } = await declined.of(communityId);
      const reason = states.get(communityId)?.reason ?? null;
      return {
        community: { id, name, zone },
        reason,
        decision,
        declined: categories,
        competitorGapMs: config.competitorGapMs,
      };
    },
    async requireSold(q, communityId, offer) {
      const state = (await sellable(q, communities, [communityId], halfHourAt(offer.at))).get(communityId);
      if (!state) throw notFound('community');
      requireSold(state, offer);
    },
    price: async (q, cell) => (await pricesOf(q, communities, [cell.communityId], halfHourAt(cell.at)))(cell),
    prices: (q, ids, span) => pricesOf(q, communities, ids, span),
    async ownersShareAt(q, communityId, at) {
      const then = decisionOf(await rows.decisionsEver(q, communityId), halfHourAt(at));
      if (!then) return null;
      const { id: decisionId, ownersSharePpm, managementPpm } = then;
      return { decisionId, ownersSharePpm, managementPpm };
    },
    onChange: (hook) => void hooks.push(hook),
  };
}
