import { z } from 'zod';
import { allow, type Scope } from '../../platform/auth.ts';
import { id, page, pageQuery } from '../../platform/contract.ts';
import { refusal } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { managed } from '../scopes.ts';
import type { Communities, Manager } from '../service.ts';
import { applyImport, importBytesMax, residentImport, undoImport } from './contract.ts';
import type { Imports } from './service.ts';

const tag = 'communities';
const byId = z.object({ id });
const fileQuery = z.object({ filename: z.string().trim().min(1).max(120) });

const listPath = '/v1/communities/:id/resident-imports';
const path = '/v1/resident-imports/:id';

export function importRoutes(platform: Platform, imports: Imports, communities: Communities): void {
  fileRoutes(platform, imports, communities);
  workRoutes(platform, imports, communities);
}

function fileRoutes({ api }: Platform, imports: Imports, communities: Communities): void {
  const right = allow(['operator', 'property'], managed(communities));
  api.route(
    {
      method: 'post',
      path: listPath,
      tag,
      summary: 'A CSV or XLSX file of residents as the body: says what it would do, and does nothing yet',
      right,
      params: byId,
      query: fileQuery,
      bodyBytesMax: importBytesMax,
      reply: residentImport,
    },
    async ({ who, params, query, request, call }) => {
      const bytes = Buffer.from(await request.arrayBuffer());
      if (bytes.length === 0) throw refusal('import-empty', 'the body is the file');
      return imports.check(who, params.id, { ...query, bytes }, call);
    },
  );
  api.route(
    {
      method: 'get',
      path: listPath,
      tag,
      summary: 'Files of residents, newest first',
      right,
      params: byId,
      query: pageQuery,
      reply: page(residentImport),
    },
    async ({ params, query }) => imports.list(params.id, query),
  );
}

function workRoutes({ api, store }: Platform, imports: Imports, communities: Communities): void {
  const ofManaged: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, (await imports.get(q, id.parse(params['id']))).communityId);
  };
  const right = allow(['operator', 'property'], ofManaged);
  api.route(
    { method: 'get', path, tag, summary: 'How far an import is', right, params: byId, reply: residentImport },
    async ({ params }) => imports.get(store.read, params.id),
  );
  api.route(
    {
      method: 'post',
      path: `${path}/apply`,
      tag,
      summary: 'Write the rows of a checked file',
      right,
      params: byId,
      body: applyImport,
      reply: residentImport,
      status: 202,
    },
    async ({ who, params, body, call }) =>
      imports.apply(who, params.id, { skipErrors: body.skipErrors ?? false }, call),
  );
  api.route(
    {
      method: 'post',
      path: `${path}/undo`,
      tag,
      summary: 'Take back what an import made, and restore what it changed, within a day',
      right,
      params: byId,
      body: undoImport,
      reply: residentImport,
      status: 202,
    },
    async ({ who, params, body, call }) =>
      imports.undo(who, params.id, { skipChanged: body.skipChanged ?? false }, call),
  );
}
