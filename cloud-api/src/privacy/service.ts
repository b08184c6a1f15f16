import { eq } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Platform } from '../platform/platform.ts';
import { writtenAt, type PersonalData } from '../platform/privacy.ts';
import { consentHistory, createConsents, type Consents } from './consents.ts';
import type { PersonalExport } from './contract.ts';
import { createViews, viewsOf, type Views } from './views.ts';

export interface PrivacyService {
  readonly consents: Consents;
  readonly views: Views;
  /** All that is kept of a resident, noted as a view if it is not the resident who asks. Rejects with `not-found`. */
  exportOf(who: Account, residentId: string): Promise<PersonalExport>;
}

/** What residents may ask of those who keep their data, and what they agree to. */
export function createPrivacyService(platform: Platform, communities: Communities): PrivacyService {
  const { store, clock, privacy, audit } = platform;
  const consents = createConsents(platform, communities);
  const views = createViews(platform, communities);
  privacy.register(ownData);
  privacy.seat({
    consentOf: (q, residentId, purpose) => consents.consentOf(q, residentId, purpose),
    agreedTo: (q, residentId, purpose) => consents.agreedTo(q, residentId, purpose),
    noteViews: (who, residentIds, what) => views.note(who, residentIds, what),
  });

  return {
    consents,
    views,
    async exportOf(who, residentId) {
      await communities.resident(store.read, residentId);
      await views.note(who, [residentId], 'export');
      await store.tx((q) => audit(q, { who, action: 'resident.export', subject: residentId }));
      const slices = await privacy.export(store.read, residentId);
      return {
        residentId,
        madeAt: writtenAt(clock.now()) ?? '',
        slices: slices.map(({ slice, sections }) => ({
          slice,
          sections: sections.map(({ heading, items }) => ({ heading: { ...heading }, items: [...items] })),
        })),
      };
    },
  };
}

/** More than a year of looks; the newest, should somebody look every hour. */
const exportedViewsMax = 10_000;

const ownData: PersonalData = {
  name: 'privacy',
  async export(q, residentId) {
    const consents = await consentHistory(q, residentId);
    const views = await viewsOf(q, residentId, undefined, exportedViewsMax);
    return [
      {
        heading: { zh: '同意与撤回', en: 'What I agreed to and took back' },
        items: consents.map(({ purpose, granted, textVersion, at }) => ({
          purpose,
          granted,
          textVersion,
          at: writtenAt(at),
        })),
      },
      {
        heading: { zh: '谁查看过我的资料', en: 'Who looked at my data' },
        items: views.map(({ what, role, at }) => ({ what, role, at: writtenAt(at) })),
      },
    ];
  },
  async erase(q, residentId) {
    await q.delete(q.t.consents).where(eq(q.t.consents.residentId, residentId));
    await q.delete(q.t.recordViews).where(eq(q.t.recordViews.residentId, residentId));
  },
};
