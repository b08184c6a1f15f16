import type { InstantMs } from '@gatecast/firmware-protocol';
import { hasColleague } from '../identity/colleagues.ts';
import type { As } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { missingOf, type ContactCheck, type MerchantStatus } from './rules.ts';
import { merchantReads } from './reads.ts';
import * as rows from './store.ts';

/** Runs in the transaction in which a merchant may publish (again), or may no longer. */
export type PublishingHook = (q: Tx, merchantId: string) => Promise<void>;

/** Why the operator says no; the merchant reads it. */
export interface WhyNot {
  readonly reason: string;
  readonly note: string;
}

/** Whether a merchant may do more than look, and who decides on it. */
export interface Standing {
  /** Rejects with `merchant-not-approved` until the operator has said yes: it may look and quote before. */
  mayPay(q: Reads, merchantId: string): Promise<void>;
  /** Those of the merchants whose clips may play. */
  publishing(q: Reads, merchantIds: readonly string[]): Promise<ReadonlySet<string>>;
  onPublishing(hook: PublishingHook): void;
  /** Rejects with `application-incomplete` without licence or payee, and like all of them with `merchant-state` or `not-found`. */
  approve(who: As<'operator'>, id: string, contact: ContactCheck): Promise<void>;
  reject(who: As<'operator'>, id: string, why: WhyNot): Promise<void>;
  /** What it paid for does not play and its deals are not sold until it may again; what is paid stays paid. */
  suspend(who: As<'operator'>, id: string, why: WhyNot): Promise<void>;
  /** With four eyes by another than who suspended it: rejects with `decided-alone`, unless there is nobody else. */
  reinstate(who: As<'operator'>, id: string): Promise<void>;
  /** A rejected merchant has put right what was wrong. Rejects with `application-incomplete`. */
  applyAgain(who: As<'merchant'>): Promise<void>;
}

export function createStanding({ store, clock, audit, events, config }: Platform): Standing {
  const hooks: PublishingHook[] = [];
  const decide = (who: As<'operator'>, id: string, step: Step, why: WhyNot | null) =>
    store.tx(async (q) => {
      const before = await found(q, id);
      if (before.status !== step.from) throw wrongState();
      if (step.from === 'applied' && step.to === 'approved') requireWhole(before);
      if (config.fourEyes && step.verb === 'reinstate') await requireColleague(q, who, before);
      const decided = { reason: why?.reason ?? null, note: why?.note ?? null };
      const now = clock.now();
      const set = { ...decided, decidedBy: who.accountId, decidedAt: now, ...checkedBy(who, step, now) };
      if (!(await rows.moveMerchant(q, id, step.to, set))) throw wrongState();
      await audit(q, { who, action: `merchant.${step.verb}`, subject: id, facts: factsOf(step, decided.reason) });
      const facts = { status: step.to, reason: decided.reason };
      await events.emit(q, { type: 'merchant', subject: id, facts, merchantId: id });
      if (step.to !== 'rejected') for (const hook of hooks) await hook(q, id);
    });
  return {
    ...merchantReads,
    async mayPay(q, merchantId) {
      if (!(await rows.approvedMerchants(q, [merchantId])).has(merchantId))
        throw refusal('merchant-not-approved', 'the operator has not approved this merchant (yet)');
    },
    onPublishing: (hook) => void hooks.push(hook),
    approve: (who, id, contact) => decide(who, id, { from: 'applied', to: 'approved', verb: 'approve', contact }, null),
    reject: (who, id, why) => decide(who, id, { from: 'applied', to: 'rejected', verb: 'reject' }, why),
    suspend: (who, id, why) => decide(who, id, { from: 'approved', to: 'suspended', verb: 'suspend' }, why),
    reinstate: (who, id) => decide(who, id, { from: 'suspended', to: 'approved', verb: 'reinstate' }, null),
    applyAgain: (who) =>
      store.tx(async (q) => {
        const { merchantId: id } = who;
        requireWhole(await found(q, id));
        if (!(await rows.moveMerchant(q, id, 'applied', { appliedAt: clock.now() }))) throw wrongState();
        await audit(q, { who, action: 'merchant.apply', subject: id });
      }),
  };
}

interface Step {
  readonly from: MerchantStatus;
  readonly to: MerchantStatus;
  readonly verb: string;
  /** Of an approval. */
  readonly contact?: ContactCheck;
}

const checkedBy = ({ accountId }: As<'operator'>, { contact }: Step, now: InstantMs) =>
  contact && { contactCheckedBy: accountId, contactCheckedAt: now, contactCheckedHow: contact };

const factsOf = ({ contact }: Step, reason: string | null) => ({ reason, ...(contact && { contact }) });

async function found(q: Reads, id: string): Promise<rows.MerchantRow> {
  const row = await rows.findMerchant(q, id);
  if (!row) throw notFound('merchant');
  return row;
}

async function requireColleague(q: Tx, who: As<'operator'>, { decidedBy }: rows.MerchantRow): Promise<void> {
  if (decidedBy === who.accountId && (await hasColleague(q, who.accountId)))
    throw refusal('decided-alone', 'somebody else is to bring this merchant back');
}

function requireWhole(merchant: rows.MerchantRow): void {
  const missing = missingOf(merchant);
  if (missing.length > 0) throw refusal('application-incomplete', 'something is missing', { missing });
}

const wrongState = () => refusal('merchant-state', 'the merchant is not where this step begins');
