import { makeAccessTables } from '../../access/schema.ts';
import { makeAttributionTables } from '../../attribution/schema.ts';
import { makeAudienceTables } from '../../audience/schema.ts';
import { makeBillingTables } from '../../billing/schema.ts';
import { makeCampaignTables } from '../../campaigns/schema.ts';
import { makeComplaintTables } from '../../complaints/schema.ts';
import { makeContentTables } from '../../content/schema.ts';
import { makeDeliveryTables } from '../../delivery/schema.ts';
import { makeSellThroughTables } from '../../sell-through/schema.ts';
import { makeExposureTables } from '../../exposure/schema.ts';
import { makeFleetWatchTables } from '../../fleet/schema.ts';
import { makeFulfilmentTables } from '../../fulfilment/schema.ts';
import { makeGroupBuyTables } from '../../groupbuy/schema.ts';
import { makeInventoryTables } from '../../inventory/schema.ts';
import { makeMerchantTables } from '../../merchants/schema.ts';
import { makeNoticeTables } from '../../notices/schema.ts';
import { makePlayTables } from '../../plays/schema.ts';
import { makeReleaseTables } from '../../releases/schema.ts';
import { makeRolloutTables } from '../../rollouts/schema.ts';
import { makeScheduledReportTables } from '../../scheduled-reports/schema.ts';
import { makeSettlementTables } from '../../settlement/schema.ts';
import { makePrivacyTables } from '../../privacy/schema.ts';
import { makeCommunityTables } from '../../communities/schema.ts';
import { makeIdentityTables } from '../../identity/schema.ts';
import { makeTerminalTables } from '../../terminals/schema.ts';
import { makePlatformTables } from '../schema.ts';
import { postgresColumns, sqliteColumns, type Columns } from './columns.ts';

/** The tables of all slices, for either dialect. */
const makeTables = (c: Columns) => ({
  ...makePlatformTables(c),
  ...makeIdentityTables(c),
  ...makeCommunityTables(c),
  ...makePrivacyTables(c),
  ...makeTerminalTables(c),
  ...makeFleetWatchTables(c),
  ...makeAccessTables(c),
  ...makeNoticeTables(c),
  ...makeMerchantTables(c),
  ...makeContentTables(c),
  ...makeInventoryTables(c),
  ...makeComplaintTables(c),
  ...makeCampaignTables(c),
  ...makeAudienceTables(c),
  ...makePlayTables(c),
  ...makeExposureTables(c),
  ...makeDeliveryTables(c),
  ...makeSellThroughTables(c),
  ...makeBillingTables(c),
  ...makeScheduledReportTables(c),
  ...makeAttributionTables(c),
  ...makeGroupBuyTables(c),
  ...makeFulfilmentTables(c),
  ...makeSettlementTables(c),
  ...makeReleaseTables(c),
  ...makeRolloutTables(c),
});

export type Tables = ReturnType<typeof makeTables>;
export const sqliteTables: Tables = makeTables(sqliteColumns);
export const postgresTables: Tables = makeTables(postgresColumns);
