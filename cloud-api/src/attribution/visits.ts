import { createHmac, timingSafeEqual } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import { shortLinkMacBytes } from '@gatecast/firmware-protocol/messages';
import type { Campaigns } from '../campaigns/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import type { Visit } from './contract.ts';
import { readShortLink, type ShortLinkFault } from './rules.ts';
import * as rows from './store.ts';

export interface Visits {
  find(q: Reads, id: string): Promise<rows.VisitRow | undefined>;
}

export interface VisitService extends Visits {
  /** A scanned code: mints the visit. Rejects with `bad-short-link`. */
  arrive(token: string): Promise<rows.VisitRow>;
  show(id: string): Promise<Visit>;
}

/** What other slices may ask; needs nothing but the table, so that the order slice does not wait for the campaigns. */
export const visitReader = (): Visits => ({ find: rows.findVisit });

export function createVisits(platform: Platform, terminals: Terminals, campaigns: Campaigns): VisitService {
  const { store, clock, log, events } = platform;
  const bad = (fault: ShortLinkFault): Error => {
    log.warn({ fault }, 'a short link was refused');
    return refusal('bad-short-link', 'this code leads nowhere (any more)', { fault });
  };

  return {
    find: rows.findVisit,
    async arrive(token) {
      const parsed = readShortLink(token, clock.now());
      if ('fault' in parsed) throw bad(parsed.fault);
      const terminal = await terminals.byNo(store.read, parsed.link.terminalNo);
      if (!terminal) throw bad('unknown-terminal');
      const key = await terminals.shortLinkKey(store.read, terminal.id);
      if (!isOurs(key, parsed.payload, parsed.mac)) throw bad('forged');
      return store.tx(async (q) => {
        const campaign = await campaigns.byNo(q, parsed.link.campaignNo);
        if (!campaign) throw bad('forged');
        const { halfHour, clipPrefix } = parsed.link;
        const visit = { ...placeOf(terminal), halfHour, clipPrefix, id: newId('visit'), at: clock.now() };
        const aim = { campaignId: campaign.id, merchantId: campaign.merchantId, dealId: campaign.dealId };
        return mint(q, { ...visit, ...aim });
      });
    },
    async show(id) {
      const visit = await rows.findVisit(store.read, id);
      if (!visit) throw notFound('visit');
      return visit;
    },
  };

  async function mint(q: Tx, visit: rows.VisitRow): Promise<rows.VisitRow> {
    await q.insert(q.t.visits).values(visit);
    const { campaignId, dealId, communityId, entranceId, merchantId } = visit;
    const facts = { campaignId, dealId, communityId, entranceId };
    await events.emit(q, { type: 'visit', subject: visit.id, facts, merchantId });
    return visit;
  }
}

const placeOf = ({ id, entranceId, communityId }: TerminalRef) => ({ terminalId: id, entranceId, communityId });

/** The first 80 bits of HMAC-SHA256 under the terminal's own key, compared in constant time. */
function isOurs(key: Buffer, payload: Uint8Array, mac: Uint8Array): boolean {
  const expected = createHmac('sha256', key).update(payload).digest().subarray(0, shortLinkMacBytes);
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}
