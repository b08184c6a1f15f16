import { anyPlanned, type Which } from '../campaigns/claims.ts';
import type { Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { ClipBlocks } from '../complaints/clip-blocks.ts';
import type { Content } from '../content/service.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { wantPlan } from './store.ts';

export interface ChangingParts {
  readonly campaigns: Pick<Campaigns, 'onLineItemChange'>;
  readonly clipBlocks: Pick<ClipBlocks, 'onChange'>;
  readonly communities: Pick<Communities, 'onChildrenPass'>;
  readonly content: Pick<Content, 'declined' | 'onPlayableChange'>;
  readonly inventory: Pick<Inventory, 'onChange'>;
  readonly merchants: Pick<Merchants, 'onPublishing'>;
}

/**
 * Wants a new plan, in the transaction that makes the one there is out of date: by a line item, or by what may play where. What closes leaves the screens by
 * itself, but its touches are somebody else's only in a new plan; and what opens again stays dark until there is one. Where nothing that runs is concerned, as
 * by most clips that are approved and most decisions that are recorded, nothing is wanted.
 */
export function planOnChange({ clock }: Platform, parts: ChangingParts): void {
  const { campaigns, clipBlocks, communities, content, inventory, merchants } = parts;
  const changed = async (q: Tx, which: Which): Promise<void> => {
    if (await anyPlanned(q, clock.now(), which)) await wantPlan(q);
  };
  const changedIn = (q: Tx, communityId: string) => changed(q, { communityId });
  campaigns.onLineItemChange((q) => wantPlan(q));
  merchants.onPublishing((q, merchantId) => changed(q, { merchantId }));
  content.onPlayableChange(async (q, { id, house }) => {
    if (house === null) await changed(q, { clipId: id });
  });
  content.declined.onChange(changedIn);
  clipBlocks.onChange(changedIn);
  communities.onChildrenPass(changedIn);
  inventory.onChange((q, communityId) => changed(q, communityId === null ? {} : { communityId }));
}
