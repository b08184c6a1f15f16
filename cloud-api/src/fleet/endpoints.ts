import type { z } from 'zod';
import type { HealthIssue } from '@gatecast/firmware-protocol/messages';
import type { FleetCommunity, FleetState, FleetSummary, FleetTerminal } from './contract.ts';
import type {
  Channel,
  ChannelCreated,
  channelPatch,
  FleetAlarm,
  fleetAlarmAck,
  NewChannel,
  newSilence,
  Silence,
} from './alarms/contract.ts';
import type { TerminalHealth, TrendSpan } from './health/contract.ts';
import type { Story, StorySubject } from './story/contract.ts';
import type { Vitals } from './vitals/contract.ts';
import type { Page, Paging } from '../platform/contract.ts';

/** What the fleet slice answers, for the typed client. */
export interface FleetEndpoints {
  'GET /v1/fleet/summary': { result: FleetSummary };
  'GET /v1/fleet/communities': {
    query: Paging & { companyId?: string; search?: string };
    result: Page<FleetCommunity>;
  };
  'GET /v1/fleet/terminals': {
    query: Paging & {
      companyId?: string;
      communityId?: string;
      state?: FleetState;
      issue?: HealthIssue;
      version?: string;
      search?: string;
    };
    result: Page<FleetTerminal>;
  };
  'GET /v1/fleet/vitals': { result: Vitals };
  'GET /v1/search': { query: { q: string }; result: Page<StorySubject> };
  'GET /v1/stories/:kind/:id': { result: Story };
  'GET /v1/fleet/alarms': {
    query: Paging & {
      state?: 'open' | 'ended';
      kind?: FleetAlarm['kind'];
      severity?: FleetAlarm['severity'];
      terminalId?: string;
    };
    result: Page<FleetAlarm>;
  };
  'POST /v1/fleet/alarms/:id/ack': { body: z.input<typeof fleetAlarmAck>; result: FleetAlarm };
  'GET /v1/fleet/silences': { query: Paging; result: Page<Silence> };
  'POST /v1/fleet/silences': { body: z.input<typeof newSilence>; result: Silence };
  'DELETE /v1/fleet/silences/:id': { result: null };
  'GET /v1/fleet/channels': { query: Paging; result: Page<Channel> };
  'POST /v1/fleet/channels': { body: NewChannel; result: ChannelCreated };
  'PATCH /v1/fleet/channels/:id': { body: z.input<typeof channelPatch>; result: Channel };
  'DELETE /v1/fleet/channels/:id': { result: null };
  'POST /v1/fleet/channels/:id/test': { result: Channel };
  'GET /v1/terminals/:id/health': { query: { span?: TrendSpan }; result: TerminalHealth };
}
