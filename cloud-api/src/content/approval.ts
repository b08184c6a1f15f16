import { after, days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import { hasColleague } from '../identity/colleagues.ts';
import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { categoryRules, checklistOf, permittedUntil, type Category } from './categories.ts';
import { acceptedPermits } from './permit-store.ts';
import type { approval } from './review-contract.ts';
import { submitterOf } from './review-history.ts';
import type { ClipRow } from './store.ts';

/** An approval of an advert lasts a year unless the reviewer says less: prices, permits and the law change. */
const approvalMs = days(365);
/** What a yes means for the clip. Rejects with `category-banned`, `checklist-incomplete`, `permit-missing` or `approval-past`. */
export async function judge(q: Tx, clip: ClipRow, terms: z.output<typeof approval>, now: InstantMs) {
  const said = terms?.category ?? clip.category;
  const category = clip.house === null ? (said ?? 'goods') : said;
  const ticked = terms?.ticked ?? null;
  // Callers from before there were categories name none and tick nothing; there has to be nothing to look into.
  if (said !== null || ticked !== null || isFlagged(clip)) requireTicks(category ?? 'goods', ticked);
  const approvedUntil = await approvalEnd(q, clip, category, terms?.until, now);
  return { category, approvedUntil, ticked, note: terms?.note ?? null };
}

/** The checks found words of the law, or a file that was refused before: nobody waves that through. */
const isFlagged = ({ findings }: ClipRow): boolean =>
  (findings ?? []).some(({ code, article }) => article !== undefined || code === 'same-as-refused');

/** Every item of the list is ticked. */
function requireTicks(category: Category, ticked: readonly string[] | null): void {
  if (categoryRules[category].standing === 'banned')
    throw refusal('category-banned', 'this may be advertised on no screen', { category });
  const missing = checklistOf(category).filter((item) => !ticked?.includes(item));
  if (missing.length > 0) throw refusal('checklist-incomplete', 'every item of the list is to be ticked', { missing });
}

/** Never beyond the permit, nor a year. House clips stay until they are taken down, unless the reviewer says otherwise. */
async function approvalEnd(
  q: Tx,
  { merchantId, house }: ClipRow,
  category: Category | null,
  wanted: number | undefined,
  now: InstantMs,
): Promise<InstantMs | null> {
  if (wanted !== undefined && wanted <= now) throw refusal('approval-past', 'an approval ends in the future');
  const year = house === null ? after(now, approvalMs) : null;
  const asked = wanted === undefined ? year : instant(Math.min(wanted, year ?? wanted));
  if (category === null) return asked;
  const permits = merchantId === null ? [] : await acceptedPermits(q, [merchantId]);
  const permitted = permittedUntil(category, permits, now);
  if (permitted === undefined)
    throw refusal('permit-missing', 'the advertiser has no valid permit for this', { category });
  if (permitted === null || asked === null) return permitted ?? asked;
  return instant(Math.min(asked, permitted));
}

/** Who handed a house clip in does not judge it, unless there is nobody else. */
export async function requireOtherEyes(q: Tx, who: As<'operator'>, clip: ClipRow): Promise<void> {
  if (clip.house === null || (await submitterOf(q, clip.id)) !== who.accountId) return;
  if (await hasColleague(q, who.accountId)) throw refusal('own-clip', 'somebody else is to look at this clip');
}
