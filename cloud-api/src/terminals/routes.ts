import {
  base64url,
  desiredQuery,
  desiredVersions,
  documentDelta,
  documentEnvelope,
  documentKinds,
  journalAck,
  journalBatch,
  packedBatch,
  reported,
  timeContext,
  timePreimage,
  timeResponse,
} from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import {
  allow,
  open,
  operatorOnly,
  ownRows,
  thatTerminal,
  thatTerminalEver,
  type Keeper,
  type Scope,
} from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { commandRoutes } from './command-routes.ts';
import {
  communityMode,
  newMode,
  newMute,
  newTerminal,
  newTerminalCreated,
  terminal,
  terminalSettingsPatch,
} from './contract.ts';
import { commissioningRoutes } from './commissioning-routes.ts';
import { batchBodyBytesMax, type BatchEncoding } from './journal-check.ts';
import { identityRoutes } from './identity-routes.ts';
import type { TerminalsService } from './service.ts';
import { templateRoutes } from './template-routes.ts';
import { textResponse } from './text-response.ts';

const tag = 'terminals';
const machineTag = 'terminals: for the machines';
const byId = z.object({ id });

/** Everything about terminals, fixed addresses before `/v1/terminals/:id`. */
export function terminalRoutes(platform: Platform, terminals: TerminalsService, communities: Communities): void {
  fleetRoutes(platform, terminals, communities);
  identityRoutes(platform, terminals, communities);
  terminalByIdRoutes(platform, terminals);
  muteRoute(platform, terminals);
  modeRoutes(platform, terminals, communities);
  templateRoutes(platform, terminals);
  commissioningRoutes(platform, terminals);
  commandRoutes(platform, terminals);
  documentRoutes(platform, terminals);
  timeRoute(platform);
}

const managed =
  (terminals: TerminalsService): Scope<Manager> =>
  async (q, who, { params }) => {
    await terminals.mayManage(q, who, id.parse(params['id']));
  };

const kept =
  (terminals: TerminalsService): Scope<Keeper> =>
  async (q, who, { params }) => {
    await terminals.mayKeep(q, who, id.parse(params['id']));
  };

function fleetRoutes({ api }: Platform, terminals: TerminalsService, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/terminals',
      tag,
      summary: 'Terminals with their presence and documents',
      right: allow(['operator', 'property', 'guard'], ownRows),
      query: pageQuery.extend({
        communityId: id.optional(),
        alarmed: z.stringbool().optional().describe('`true`: only terminals at which an alarm is raised'),
      }),
      reply: page(terminal),
    },
    async ({ who, query }) => terminals.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals',
      tag,
      summary: 'A terminal at an entrance, with the one-time code that claims it',
      right: allow(['operator', 'property'], async (q, who, { body }) => {
        await communities.mayManage(q, who, newTerminal.parse(body).communityId);
      }),
      body: newTerminal,
      reply: newTerminalCreated,
    },
    async ({ who, body, call }) => terminals.fleet.create(who, body, call),
  );
}

function terminalByIdRoutes({ api }: Platform, terminals: TerminalsService): void {
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id',
      tag,
      summary: 'One terminal',
      right: allow(['operator', 'property', 'guard'], kept(terminals)),
      params: byId,
      reply: terminal,
    },
    async ({ who, params }) => terminals.show(who, params.id),
  );
  api.route(
    {
      method: 'patch',
      path: '/v1/terminals/:id/config',
      tag,
      summary:
        'How the door is built, its times and schedules, the screen’s sound; a new signed version of the config leaves at once',
      right: allow(['operator', 'property'], managed(terminals)),
      params: byId,
      body: terminalSettingsPatch,
      reply: terminal,
    },
    async ({ who, params, body, call }) => {
      await terminals.fleet.configure(who, params.id, body, call);
      return terminals.show(who, params.id);
    },
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/claim-codes',
      tag,
      summary: 'A new claim code, for a repaired or replaced terminal',
      right: allow(['operator', 'property'], managed(terminals)),
      params: byId,
      reply: newTerminalCreated,
    },
    async ({ who, params }) => terminals.fleet.renewClaimCode(who, params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/revoke',
      tag,
      summary: 'Void the tokens of a lost terminal; its connection ends within seconds',
      right: operatorOnly,
      params: byId,
      reply: terminal,
      status: 200,
    },
    async ({ who, params }) => {
      await terminals.fleet.revoke(who, (await terminals.show(who, params.id)).id);
      return terminals.show(who, params.id);
    },
  );
}

function muteRoute({ api }: Platform, terminals: TerminalsService): void {
  api.route(
    {
      method: 'put',
      path: '/v1/terminals/:id/mute',
      tag,
      summary: 'Silence a screen for so long, at once; a terminal that is away is silent when it is back',
      right: allow(['operator', 'property'], managed(terminals)),
      params: byId,
      body: newMute,
      reply: terminal,
    },
    async ({ who, params, body }) => {
      await terminals.mute(who, params.id, body);
      return terminals.show(who, params.id);
    },
  );
}

function modeRoutes({ api }: Platform, terminals: TerminalsService, communities: Communities): void {
  api.route(
    {
      method: 'put',
      path: '/v1/terminals/:id/mode',
      tag,
      summary: 'Lockdown, free passage or back to normal, now; a terminal that is away obeys when it is back',
      right: allow(['operator', 'property'], managed(terminals)),
      params: byId,
      body: newMode,
      reply: terminal,
    },
    async ({ who, params, body, call }) => {
      await terminals.modes.set(who, params.id, body, call);
      return terminals.show(who, params.id);
    },
  );
  api.route(
    {
      method: 'put',
      path: '/v1/communities/:id/mode',
      tag,
      summary: 'The same for all doors of a community',
      right: allow(['operator', 'property'], async (q, who, { params }) => {
        await communities.mayManage(q, who, id.parse(params['id']));
      }),
      params: byId,
      body: newMode,
      reply: communityMode,
    },
    async ({ who, params, body, call }) => terminals.modes.setForCommunity(who, params.id, body, call),
  );
}

function documentRoutes({ api }: Platform, terminals: TerminalsService): void {
  const { documents, journal } = terminals;
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/desired',
      tag: machineTag,
      summary: 'Newest version of each document that the terminal knows',
      right: thatTerminal,
      params: byId,
      query: desiredQuery,
      reply: desiredVersions,
    },
    async ({ params, query }) => documents.desired(params.id, query.protocol),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/documents/:kind',
      tag: machineTag,
      summary: 'The newest version of a document, or what is different from the version in force',
      right: thatTerminal,
      params: byId.extend({ kind: documentKinds }),
      query: z.object({ from: z.coerce.number().int().positive().optional() }),
      reply: z.union([documentEnvelope, documentDelta]),
    },
    async ({ params, query, request }) => {
      const answer = await documents.newest(params.id, params.kind, query.from);
      return 'envelope' in answer ? answer.envelope : textResponse(answer.parts, request);
    },
  );
  api.route(
    {
      method: 'put',
      path: '/v1/terminals/:id/reported',
      tag: machineTag,
      summary: 'What became of a version',
      right: thatTerminal,
      params: byId,
      body: reported,
    },
    async ({ params, body }) => terminals.report(params.id, body),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/journal',
      tag: machineTag,
      summary: 'Consecutive rows of one stream, stored once',
      right: thatTerminalEver,
      params: byId,
      bodyForm: z.union([journalBatch, packedBatch]),
      bodyBytesMax: batchBodyBytesMax,
      reply: journalAck,
      status: 200,
    },
    async ({ who, request }) => journal.take(who, await request.arrayBuffer(), encodingOf(request)),
  );
}

/** Rejects with `unknown-encoding` for what is neither plain nor Brotli. */
function encodingOf(request: Request): BatchEncoding {
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'br' && encoding !== 'identity')
    throw refusal('unknown-encoding', 'a batch comes plain or in Brotli');
  return encoding;
}

function timeRoute({ api, signer, store, clock }: Platform): void {
  api.route(
    {
      method: 'get',
      path: '/v1/time',
      tag: machineTag,
      summary: 'The time, signed together with the caller’s nonce',
      right: open('the time is no secret'),
      query: z.object({ nonce: base64url.max(100) }),
      reply: timeResponse,
    },
    async ({ query: { nonce } }) => {
      const now = clock.now();
      const signature = await signer.sign(
        store.read,
        'checkpoint',
        platformOwner,
        timeContext,
        timePreimage(now, nonce),
      );
      return { now, nonce, signature };
    },
  );
}
