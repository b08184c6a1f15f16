import { commandFileBytesMax, commandFileTypes } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import type { Manager } from '../communities/service.ts';
import { allow, thatTerminal, type Keeper, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { commandKind, commandRecord, listedCommand, newCommand } from './command-contract.ts';
import { mayOrder } from './command-rules.ts';
import type { TerminalsService } from './service.ts';

const tag = 'terminals';
const byId = z.object({ id });

/** Commands, how far they are, and what they bring. */
export function commandRoutes({ api, clock }: Platform, terminals: TerminalsService): void {
  const { commands } = terminals;
  const mayCommand: Scope<Keeper> = async (q, who, { params, body }) => {
    await terminals.mayKeep(q, who, id.parse(params['id']));
    if (mayOrder(who.role, newCommand.parse(body))) return;
    throw refusal('forbidden', 'this command is not for your role to give');
  };
  const keptCommand: Scope<Keeper> = async (q, who, { params }) => {
    const { terminalId, kind } = await commands.find(z.string().parse(params['id']));
    await terminals.mayKeep(q, who, terminalId);
    if (who.role === 'guard' && kind !== 'open') throw notFound('command');
  };
  const managedCommand: Scope<Manager> = async (q, who, { params }) => {
    await terminals.mayManage(q, who, (await commands.find(z.string().parse(params['id']))).terminalId);
  };
  const managed: Scope<Manager> = async (q, who, { params }) => {
    await terminals.mayManage(q, who, id.parse(params['id']));
  };

  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/commands',
      tag,
      summary:
        'Order a terminal to do something now: open, show itself, care for its readers, restart, or tell of itself; void after ten seconds',
      right: allow(['operator', 'property', 'guard'], mayCommand),
      params: byId,
      body: newCommand,
      reply: commandRecord,
    },
    async ({ who, params, body, call }) => commands.send(who, params.id, body, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/commands',
      tag,
      summary: 'Commands that a terminal was given, newest first: by whom, how far, and when each state was reached',
      right: allow(['operator', 'property'], managed),
      params: byId,
      query: pageQuery.extend({ kind: commandKind.optional() }),
      reply: page(listedCommand),
    },
    async ({ params, query }) => commands.list(params.id, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/commands/:id',
      tag,
      summary: 'How far a command is',
      right: allow(['operator', 'property', 'guard'], keptCommand),
      params: z.object({ id: z.string() }),
      reply: commandRecord,
    },
    async ({ params }) => commands.find(params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/commands/:id/file',
      tag,
      summary: 'The picture or the log that a command brought; who looked is audited',
      right: allow(['operator', 'property'], managedCommand),
      params: z.object({ id: z.string() }),
    },
    async ({ who, params }) => {
      const { kind, bytes } = await commands.files.read(who, params.id);
      return fileResponse(commandFileTypes[kind], bytes, `${kind}-${new Date(clock.now()).toISOString().slice(0, 10)}`);
    },
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/command-files',
      tag: 'terminals: for the machines',
      summary: 'What a command brought: a JPEG of the screen, or the redacted log in UTF-8',
      right: thatTerminal,
      params: byId,
      query: z.object({ command: id }),
      bodyBytesMax: commandFileBytesMax,
    },
    async ({ params, query, request }) =>
      commands.files.take(params.id, query.command, Buffer.from(await request.arrayBuffer())),
  );
}

/** It came from a machine on a wall: nothing in it may run in whoever looks at it. */
function fileResponse(type: 'image/jpeg' | 'application/x-ndjson', bytes: Buffer, name: string): Response {
  const isPicture = type === 'image/jpeg';
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': isPicture ? type : `${type}; charset=utf-8`,
      'content-disposition': `${isPicture ? 'inline' : 'attachment'}; filename="${name}.${isPicture ? 'jpg' : 'ndjson'}"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
  });
}
