import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { linkQuery, type FileLinks } from '../content/file-links.ts';
import { sendScan } from '../content/receive-scan.ts';
import { allow, open, operatorOnly, ownRows, type Scope } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import {
  dispute,
  disputeRefused,
  disputesQuery,
  disputeUpheld,
  disputeWithEvidence,
  invoice,
  invoiceLine,
  invoicesQuery,
  newDispute,
  newPayoutQuery,
  ownersAccount,
  payoutBytesMax,
  publicIncome,
} from './contract.ts';
import { linesCsv } from './lines-csv.ts';
import type { Billing } from './service.ts';

const tag = 'billing';
const byId = z.object({ id });
const readers = allow(['operator', 'merchant'], ownRows);
const merchantOnly = allow(['merchant'], ownRows);

export interface BillingRouteParts {
  readonly communities: Communities;
  readonly papers: BlobStore;
  readonly links: FileLinks;
}

export function billingRoutes(platform: Platform, billing: Billing, parts: BillingRouteParts): void {
  invoiceRoutes(platform, billing);
  bundleRoute(platform, billing);
  disputeRoutes(platform, billing);
  decisionRoutes(platform, billing);
  ownerRoutes(platform, billing, parts);
}

function invoiceRoutes({ api }: Platform, billing: Billing): void {
  api.route(
    {
      method: 'get',
      path: '/v1/invoices',
      tag,
      summary: 'Bills of line items by month, newest first',
      right: readers,
      query: invoicesQuery,
      reply: page(invoice),
    },
    ({ who, query }) => billing.invoices(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/invoices/:id',
      tag,
      summary: 'A bill',
      right: readers,
      params: byId,
      reply: invoice,
    },
    ({ who, params }) => billing.invoice(who, params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/invoices/:id/lines',
      tag,
      summary: 'Its lines, by community and half-hour, with what was filtered and why',
      right: readers,
      params: byId,
      query: pageQuery,
      reply: page(invoiceLine),
    },
    ({ who, params, query }) => billing.lines(who, params.id, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/invoices/:id/lines.csv',
      tag,
      summary: 'Its lines as CSV in UTF-8 with a byte order mark',
      right: readers,
      params: byId,
    },
    async ({ who, params }) => {
      const about = await billing.invoice(who, params.id);
      const body = linesCsv((cursor) => billing.lines(who, params.id, { cursor, limit: 200 }));
      return new Response(body, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="invoice-${about.month}-${about.id}.csv"`,
          'cache-control': 'no-store',
        },
      });
    },
  );
}

function bundleRoute({ api }: Platform, billing: Billing): void {
  api.route(
    {
      method: 'get',
      path: '/v1/invoices/:id/bundle',
      tag,
      summary:
        'Everything behind a bill as one tar that gatecast-audit checks; for an auditor, as it tells when somebody was at a door',
      right: operatorOnly,
      params: byId,
    },
    async ({ who, params }) => {
      const headers = {
        'content-type': 'application/x-tar',
        'content-disposition': `attachment; filename="invoice-${params.id}.tar"`,
        'cache-control': 'no-store',
      };
      return new Response(await billing.bundle(who, params.id), { headers });
    },
  );
}

function disputeRoutes({ api }: Platform, { disputes }: Billing): void {
  api.route(
    {
      method: 'post',
      path: '/v1/invoices/:id/disputes',
      tag,
      summary: 'Dispute a line of an issued bill, within a month',
      right: merchantOnly,
      params: byId,
      body: newDispute,
      reply: dispute,
    },
    ({ who, params, body, call }) => disputes.open(who, params.id, body, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/disputes',
      tag,
      summary: 'Disputes, newest first',
      right: readers,
      query: disputesQuery,
      reply: page(dispute),
    },
    ({ who, query }) => disputes.list(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/disputes/:id',
      tag,
      summary: 'A dispute with the evidence behind its line',
      right: readers,
      params: byId,
      reply: disputeWithEvidence,
    },
    ({ who, params }) => disputes.get(who, params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/disputes/:id/withdraw',
      tag,
      summary: 'The merchant takes it back',
      right: merchantOnly,
      params: byId,
      reply: dispute,
      status: 200,
    },
    ({ who, params, call }) => disputes.withdraw(who, params.id, call),
  );
}

function decisionRoutes({ api }: Platform, { disputes }: Billing): void {
  api.route(
    {
      method: 'post',
      path: '/v1/disputes/:id/uphold',
      tag,
      summary: 'The merchant is right: a credit note, and its money goes back',
      right: operatorOnly,
      params: byId,
      body: disputeUpheld,
      reply: dispute,
      status: 200,
    },
    ({ who, params, body, call }) => disputes.uphold(who, params.id, body, call),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/disputes/:id/refuse',
      tag,
      summary: 'The line stands, for a reason that the merchant reads',
      right: operatorOnly,
      params: byId,
      body: disputeRefused,
      reply: dispute,
      status: 200,
    },
    ({ who, params, body, call }) => disputes.refuse(who, params.id, body.note, call),
  );
}

function ownerRoutes({ api, store }: Platform, { owners }: Billing, { communities, papers, links }: BillingRouteParts) {
  const managed: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, id.parse(params['id']));
  };
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/ad-income',
      tag,
      summary: 'What the screens of a community brought by quarter, what of it is whose, and what was paid out',
      right: allow(['operator', 'property'], managed),
      params: byId,
      reply: ownersAccount,
    },
    ({ params }) => owners.account(params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/communities/:id/ad-payouts',
      tag,
      summary: 'Record that money was handed over; the body is the document that proves it (JPEG, PNG or PDF)',
      right: operatorOnly,
      params: byId,
      query: newPayoutQuery,
      bodyBytesMax: payoutBytesMax,
      reply: ownersAccount,
    },
    ({ who, params, query, request, call }) => {
      if (!request.body) throw refusal('invalid-request', 'the body is the document');
      return owners.payOut(who, params.id, query, request.body, call);
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/ad-payouts/:id/document',
      tag,
      summary: 'The document of a payout, for a window of its own',
      right: open('the signature in the address'),
      params: byId,
      query: linkQuery,
    },
    async ({ params, query, request }) => {
      await links.check(store.read, `/v1/ad-payouts/${params.id}/document`, query);
      const found = await owners.findPayout(store.read, params.id);
      if (!found) throw notFound('file');
      return sendScan(papers, found, request);
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/me/ad-income',
      tag,
      summary: 'What was published of the screens of one’s own community, by quarter',
      right: allow(['resident'], ownRows),
      reply: publicIncome,
    },
    ({ who }) => owners.published(who.communityId),
  );
}
