import { healthReport } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { allow, ownRows, thatTerminal, type Scope } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { fleetAlarmRoutes } from './alarms/routes.ts';
import type { Terminals } from '../terminals/service.ts';
import { fleetCommunity, fleetCommunityQuery, fleetSummary, fleetTerminal, fleetTerminalQuery } from './contract.ts';
import { terminalHealth, trendSpan } from './health/contract.ts';
import type { FleetDesk, FleetReader } from './service.ts';

const tag = 'fleet';
const byId = z.object({ id });

export function fleetDeskRoutes(platform: Platform, fleet: FleetDesk, terminals: Terminals): void {
  healthRoutes(platform, fleet, terminals);
  listRoutes(platform, fleet);
  fleetAlarmRoutes(platform, fleet.alarms, fleet.channels);
}

function healthRoutes({ api }: Platform, { health }: FleetDesk, terminals: Terminals): void {
  const managed: Scope<FleetReader> = async (q, who, { params }) => {
    await terminals.mayManage(q, who, id.parse(params['id']));
  };
  api.route(
    {
      method: 'put',
      path: '/v1/terminals/:id/health',
      tag: 'fleet: for the machines',
      summary: 'How the terminal is; the newest word takes the place of the one before',
      right: thatTerminal,
      params: byId,
      body: healthReport,
    },
    async ({ params, body }) => health.take(params.id, body),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/health',
      tag,
      summary: 'How a terminal is, what is wrong since when, and its trend over two or ninety days',
      right: allow(['operator', 'property'], managed),
      params: byId,
      query: z.object({ span: trendSpan.default('2d') }),
      reply: terminalHealth,
    },
    async ({ params, query }) => health.show(params.id, query.span),
  );
}

function listRoutes({ api }: Platform, fleet: FleetDesk): void {
  const right = allow(['operator', 'property'], ownRows);
  api.route(
    {
      method: 'get',
      path: '/v1/fleet/summary',
      tag,
      summary: 'How many terminals are online, offline, troubled, of which version, by company',
      right,
      reply: fleetSummary,
    },
    async ({ who }) => fleet.summary(who),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/fleet/communities',
      tag,
      summary: 'The same by community, by name',
      right,
      query: fleetCommunityQuery,
      reply: page(fleetCommunity),
    },
    async ({ who, query }) => fleet.communities(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/fleet/terminals',
      tag,
      summary: 'Terminals by place, state, issue, version or name',
      right,
      query: fleetTerminalQuery,
      reply: page(fleetTerminal),
    },
    async ({ who, query }) => fleet.terminals(who, query),
  );
}
