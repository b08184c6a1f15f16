import { and, asc, desc, eq } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { ConsentPurpose } from '../platform/privacy.ts';
import { consentPurposes, consentTexts, stillCounts } from './consent-texts.ts';
import type { Consent } from './contract.ts';
import { mayConsent } from './rules.ts';

export interface Consents {
  list(q: Reads, residentId: string): Promise<Consent[]>;
  /** Rejects with `consent-not-for-children`, or with `consent-text-changed` if they agreed to another wording than today's. */
  set(
    who: As<'resident'>,
    purpose: ConsentPurpose,
    change: { readonly granted: boolean; readonly textVersion: number },
    call: Call,
  ): Promise<Consent>;
  consentOf(q: Reads, residentId: string, purpose: ConsentPurpose): Promise<boolean>;
  agreedTo(q: Reads, residentId: string, purpose: ConsentPurpose): Promise<number | null>;
}

/** What residents agree to: a history that only grows, of which the last row of each purpose counts. */
export function createConsents({ store, clock, audit, privacy }: Platform, communities: Communities): Consents {
  const show = async (q: Reads, residentId: string, purpose: ConsentPurpose): Promise<Consent> => {
    const last = await lastOf(q, residentId, purpose);
    const mayHave = mayConsent(await communities.resident(q, residentId));
    return {
      purpose,
      granted: mayHave && isGranted(last, purpose),
      at: last?.at ?? null,
      textVersion: last?.textVersion ?? null,
      currentText: consentTexts[purpose],
    };
  };
  const agreedTo = async (q: Reads, residentId: string, purpose: ConsentPurpose): Promise<number | null> => {
    const last = await lastOf(q, residentId, purpose);
    if (!last || !isGranted(last, purpose)) return null;
    return mayConsent(await communities.resident(q, residentId)) ? last.textVersion : null;
  };
  const change = async (
    q: Tx,
    who: As<'resident'>,
    purpose: ConsentPurpose,
    { granted, textVersion }: { readonly granted: boolean; readonly textVersion: number },
  ) => {
    const { residentId } = who;
    if (granted) {
      requireConsenting(await communities.resident(q, residentId));
      requireCurrentText(purpose, textVersion);
    }
    const last = await lastOf(q, residentId, purpose);
    const isSame = (last?.granted ?? false) === granted && (!granted || last?.textVersion === textVersion);
    if (isSame) return;
    await q.insert(q.t.consents).values({ residentId, purpose, granted, textVersion, at: clock.now() });
    const facts = { purpose, granted, textVersion };
    await audit(q, { who, action: 'consent.set', subject: residentId, facts });
    await privacy.consentChanged(q, residentId, purpose);
  };

  return {
    async list(q, residentId) {
      const shown = [];
      for (const purpose of consentPurposes) shown.push(await show(q, residentId, purpose));
      return shown;
    },
    async set(who, purpose, wanted, call) {
      await store.tx((q) => once(q, clock, call, () => change(q, who, purpose, wanted)));
      return show(store.read, who.residentId, purpose);
    },
    async consentOf(q, residentId, purpose) {
      return (await agreedTo(q, residentId, purpose)) !== null;
    },
    agreedTo,
  };
}

const isGranted = (
  last: { readonly granted: boolean; readonly textVersion: number } | undefined,
  purpose: ConsentPurpose,
): boolean => last?.granted === true && stillCounts(purpose, last.textVersion);

async function lastOf(q: Reads, residentId: string, purpose: ConsentPurpose) {
  const t = q.t.consents;
  const [last] = await q
    .select()
    .from(t)
    .where(and(eq(t.residentId, residentId), eq(t.purpose, purpose)))
    .orderBy(desc(t.no))
    .limit(1);
  return last;
}

export async function consentHistory(q: Reads, residentId: string) {
  const t = q.t.consents;
  return q.select().from(t).where(eq(t.residentId, residentId)).orderBy(asc(t.no));
}

function requireConsenting(resident: Parameters<typeof mayConsent>[0]): void {
  if (!mayConsent(resident))
    throw refusal('consent-not-for-children', 'a child or somebody with a guardian agrees to nothing here');
}

function requireCurrentText(purpose: ConsentPurpose, textVersion: number): void {
  const { version } = consentTexts[purpose];
  if (version !== textVersion)
    throw refusal('consent-text-changed', 'the wording has changed; read it again', { version });
}
