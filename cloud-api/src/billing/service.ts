import { after } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { FileLinks } from '../content/file-links.ts';
import type { Exposures } from '../exposure/service.ts';
import type { Inventory } from '../inventory/service.ts';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Page } from '../platform/contract.ts';
import { pageOf, pageSizeDefault } from '../platform/cursor.ts';
import { notFound } from '../platform/errors.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { Settlement } from '../settlement/service.ts';
import { createBundles } from './bundle.ts';
import { billAsReported } from './billing-job.ts';
import { billedFen } from './campaign-income.ts';
import type { Invoice, InvoiceLine, invoicesQuery } from './contract.ts';
import { createDisputes, type Disputes } from './disputes.ts';
import { createOwnersAccounts, type OwnersAccounts } from './owners-account.ts';
import { disputableMs } from './rules.ts';
import { createLineView, type Reader } from './line-view.ts';
import * as rows from './store.ts';

export interface Billing {
  readonly disputes: Disputes;
  readonly owners: OwnersAccounts;
  invoices(who: Reader, query: z.output<typeof invoicesQuery>): Promise<Page<Invoice>>;
  /** Rejects with `not-found` for an invoice that is not the caller's. */
  invoice(who: Reader, id: string): Promise<Invoice>;
  billedFen: typeof billedFen;
  lines(who: Reader, invoiceId: string, paging: Paging): Promise<Page<InvoiceLine>>;
  /** Everything behind a bill, for an auditor. Rejects with `not-found` or `too-many-requests`. */
  bundle(who: As<'operator'>, id: string): Promise<ReadableStream<Uint8Array>>;
  /** Bills, closes and issues now what the job would at its next turn. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface BillingParts {
  readonly campaigns: Pick<Campaigns, 'about'>;
  readonly communities: Communities;
  readonly exposures: Pick<Exposures, 'reports' | 'onReport'>;
  readonly inventory: Pick<Inventory, 'ownersShareAt'>;
  readonly plays: Pick<Plays, 'of' | 'keptSince'>;
  readonly settlement: Settlement;
  readonly papers: BlobStore;
  readonly links: FileLinks;
}

export function createBilling(platform: Platform, parts: BillingParts): Billing {
  const { store } = platform;
  const { run } = billAsReported(platform, parts);
  const view = createLineView(parts.communities);
  const makeBundle = createBundles(platform, { ...parts, view });
  const show = async (found: readonly rows.InvoiceRow[]): Promise<Invoice[]> => {
    const ids = found.map(({ id }) => id);
    const totals = await rows.totalsOf(store.read, ids);
    const campaigns = await parts.campaigns.about(
      store.read,
      found.map(({ campaignId }) => campaignId),
    );
    return found.map(({ monthEnds: _ends, issuedFen, ...row }) => ({
      ...row,
      campaignName: campaigns.get(row.campaignId)?.name ?? '',
      lines: totals.get(row.id)?.lines ?? 0,
      verifiedMilliTouches: totals.get(row.id)?.verifiedMilli ?? 0,
      people: totals.get(row.id)?.people ?? null,
      totalFen: issuedFen ?? totals.get(row.id)?.totalFen ?? 0,
      disputableUntil: row.issuedAt === null ? null : after(row.issuedAt, disputableMs),
    }));
  };
  const own = async (who: Reader, id: string): Promise<rows.InvoiceRow> => {
    const row = await rows.findInvoice(store.read, id);
    if (!row || (who.role === 'merchant' && row.merchantId !== who.merchantId)) throw notFound('invoice');
    return row;
  };

  const disputes = createDisputes(platform, { ...parts, view });
  return {
    disputes,
    owners: createOwnersAccounts(platform, parts),
    billedFen,
    run,
    async invoices(who, query) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const { rows: found, list } = await rows.listInvoices(store.read, { ...query, merchantId });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    async invoice(who, id) {
      const [shown] = await show([await own(who, id)]);
      if (!shown) throw notFound('invoice');
      return shown;
    },
    async bundle(who, id) {
      const [shown] = await show([await own(who, id)]);
      if (!shown) throw notFound('invoice');
      await store.tx((q) => platform.audit(q, { who, action: 'invoice.bundle', subject: id }));
      return makeBundle(shown);
    },
    async lines(who, invoiceId, { cursor, limit = pageSizeDefault }) {
      await own(who, invoiceId);
      const found = await rows.linesOf(store.read, invoiceId, { cursor, take: limit + 1 });
      const page = pageOf(
        found,
        limit,
        (row) => [row.at, row.id],
        (row) => row,
      );
      return { ...page, items: await view(store.read, page.items) };
    },
  };
}
