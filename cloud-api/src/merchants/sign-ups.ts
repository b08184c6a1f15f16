import { eq } from 'drizzle-orm';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { FileLinks } from '../content/file-links.ts';
import type { Identity } from '../identity/service.ts';
import type { As, Principal } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { createLicences, forgetPapers } from './licence.ts';
import { openPayee, sealPayee } from './payee.ts';
import { maskPayee, missingOf, type Payee } from './rules.ts';
import type { Merchants } from './service.ts';
import type {
  applicationsQuery,
  CommunitiesNamed,
  MerchantProfile,
  merchantSignUp,
  SignedUp,
} from './sign-up-contract.ts';
import * as rows from './store.ts';

/** Where a stranger asks from. */
interface From {
  readonly address: string | undefined;
  readonly call: Call;
}

/** How a store comes by itself, and what it hands in until the operator decides. */
export interface SignUps {
  /** Rejects with `email-taken`, `password-common`, `not-found` or `too-many-requests`. */
  signUp(who: Principal, input: z.output<typeof merchantSignUp>, from: From): Promise<SignedUp>;
  /** Communities whose names have this in them, ten at most. */
  communitiesNamed(name: string, address: string | undefined): Promise<CommunitiesNamed>;
  own(who: As<'merchant'>): Promise<MerchantProfile>;
  /** Rejects as `createLicences` says. */
  handInLicence(who: As<'merchant'>, number: string, photo: WebStream<Uint8Array>): Promise<MerchantProfile>;
  setPayee(who: As<'merchant'>, payee: Payee): Promise<MerchantProfile>;
  /** Those in a state, whoever has been here longest first. */
  list(query: z.output<typeof applicationsQuery>): Promise<Page<MerchantProfile>>;
  /** One, as the operator sees it. */
  get(id: string): Promise<MerchantProfile>;
  /** For whoever pays a merchant out; null until it has said where to. */
  payeeOf(q: Reads, merchantId: string): Promise<Payee | null>;
}

export interface SignUpParts {
  readonly identity: Identity;
  readonly communities: Communities;
  readonly merchants: Merchants;
  readonly papers: BlobStore;
  readonly links: FileLinks;
}

/** Not yet decided on, of the whole network: more is somebody's program. */
const appliedMax = 2_000;
const namedMax = 10;

export function createSignUps(platform: Platform, parts: SignUpParts): SignUps {
  const { store, clock, audit, signer } = platform;
  const handIn = createLicences(platform, parts.papers);
  forgetPapers(platform, parts.papers);
  const show = createProfileView(platform, parts);
  const one = async (id: string, forOperator: boolean): Promise<MerchantProfile> => {
    const row = await rows.findMerchant(store.read, id);
    const [shown] = row ? await show([row], forOperator) : [];
    if (!shown) throw notFound('merchant');
    return shown;
  };
  return {
    signUp: createSignUp(platform, parts),
    async communitiesNamed(name, address) {
      await parts.identity.brake.count(address, 'community-search');
      return { items: await parts.communities.named(store.read, name, namedMax) };
    },
    own: (who) => one(who.merchantId, false),
    async handInLicence(who, number, photo) {
      await handIn(who, number, photo);
      return one(who.merchantId, false);
    },
    async setPayee(who, payee) {
      const { merchantId } = who;
      await store.tx(async (q) => {
        const t = q.t.merchants;
        const sealed = await sealPayee(q, signer, merchantId, payee);
        await q
          .update(t)
          .set({ payeeSealed: sealed, payeeMask: maskPayee(payee), payeeAt: clock.now() })
          .where(eq(t.id, merchantId));
        await audit(q, { who, action: 'merchant.set-payee', subject: merchantId });
      });
      return one(merchantId, false);
    },
    async list({ status, ...paging }) {
      const { rows: found, list } = await rows.listApplications(store.read, status, paging);
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items, true) };
    },
    get: (id) => one(id, true),
    async payeeOf(q, merchantId) {
      const sealed = (await rows.findMerchant(q, merchantId))?.payeeSealed ?? null;
      return sealed === null ? null : openPayee(q, signer, merchantId, sealed);
    },
  };
}

function createSignUp(platform: Platform, { identity, merchants }: SignUpParts): SignUps['signUp'] {
  const { store, clock, audit } = platform;
  return async (who, { name, owner, store: first }, { address, call }) => {
    await identity.brake.count(address, 'merchant-sign-up');
    const passwordHash = await identity.hashPassword(owner.password);
    return store.tx((q) =>
      once(q, clock, call, async () => {
        await q.lock('merchant-sign-ups');
        if ((await rows.countApplied(q)) >= appliedMax)
          throw refusal('too-many-requests', 'so many stores are waiting; come back tomorrow');
        const made = await merchants.add(q, {
          name,
          owner: { ...owner, passwordHash },
          store: first,
          status: 'applied',
        });
        await audit(q, { who, action: 'merchant.sign-up', subject: made.id });
        return { id: made.id };
      }),
    );
  };
}

function createProfileView({ store }: Platform, { links, merchants, identity }: SignUpParts) {
  return async (found: readonly rows.MerchantRow[], forOperator: boolean): Promise<MerchantProfile[]> => {
    const numbers = forOperator ? found.flatMap(({ licenceNumber }) => licenceNumber ?? []) : [];
    const sharing = await rows.sharingLicences(store.read, numbers);
    const owners = await identity.directory.firstAccountsOf(store.read, forOperator ? found.map(({ id }) => id) : []);
    const checkers = await identity.directory.accountNames(
      store.read,
      forOperator ? found.flatMap((row) => row.contactCheckedBy ?? []) : [],
    );
    return Promise.all(
      found.map(async (row) => {
        const { id, licenceNumber: number, licenceSha256, licenceAt: at } = row;
        const alsoOf = sharing.filter((other) => other.id !== id && other.licenceNumber === number);
        const hasLicence = number !== null && licenceSha256 !== null && at !== null;
        const photoUrl = hasLicence ? await links.sign(store.read, `/v1/merchants/${id}/licence`) : '';
        return {
          ...row,
          licence: hasLicence ? { number, at, photoUrl, alsoOf: alsoOf.map(({ name }) => name) } : null,
          payee: row.payeeMask,
          owner: owners.get(id) ?? null,
          contactCheck: forOperator ? contactCheckOf(row, checkers) : null,
          missing: missingOf(row),
          stores: await merchants.storesOf(store.read, id),
        };
      }),
    );
  };
}

function contactCheckOf(
  { contactCheckedHow: how, contactCheckedAt: at, contactCheckedBy: by }: rows.MerchantRow,
  names: ReadonlyMap<string, string>,
): MerchantProfile['contactCheck'] {
  return how === null || at === null ? null : { how, at, by: names.get(by ?? '') ?? null };
}
