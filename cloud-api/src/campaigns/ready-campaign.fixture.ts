import { createHash } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import type { Category } from '../content/categories.ts';
import type { TestApp } from '../test-app.ts';
import type { TestMerchant } from '../test-market.ts';

/** Of the file of a clip of this category. */
export const clipSha256 = (category: Category): string => createHash('sha256').update(category).digest('hex');

/** A campaign with a clip that was approved: how one comes about is another test's matter. */
export async function readyCampaign(world: TestApp, merchant: TestMerchant, category: Category): Promise<string> {
  const [clipId, createdAt] = [newId('clip'), world.clock.now()];
  const sha256 = clipSha256(category);
  const picture = { width: 720, height: 1_280, durationMs: 8_000 };
  const source = { sourceSha256: sha256, sourceBytes: 9, sourceWidth: 720, sourceHeight: 1_280, sourceHasAudio: false };
  await world.store.tx(async (q) => {
    const about = { id: clipId, merchantId: merchant.id, title: '草莓', createdAt, ...picture, sha256 };
    const state = { status: 'approved' as const, progressPercent: 100, sourceConforms: true, category };
    await q.insert(q.t.clips).values({ ...about, ...source, ...state });
    await q.insert(q.t.clipFiles).values({ clipId, cut: 'door', profile: 'B', sha256, bytes: 9, ...picture });
  });
  const body = { name: '草莓', clipId, dealId: null };
  return (await world.call('POST', '/v1/campaigns', { token: merchant.token, body })).body.id;
}
