import { z } from 'zod';
import type { Manager } from '../communities/service.ts';
import { allow, ownRows, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalsService } from './service.ts';
import {
  newSettingsTemplate,
  settingsTemplate,
  templateApplied,
  templateApply,
  templatePreview,
  templatePreviewRequest,
} from './template-contract.ts';

const tag = 'terminals';
const byId = z.object({ id });

/** Settings that many doors share. */
export function templateRoutes(platform: Platform, terminals: TerminalsService): void {
  keepingRoutes(platform, terminals);
  applyingRoutes(platform, terminals);
}

const own =
  ({ templates }: TerminalsService): Scope<Manager> =>
  async (q, who, { params }) =>
    templates.mayUse(q, who, id.parse(params['id']));

function keepingRoutes({ api }: Platform, terminals: TerminalsService): void {
  const { templates } = terminals;

  api.route(
    {
      method: 'get',
      path: '/v1/settings-templates',
      tag,
      summary: 'Settings that many doors share, the newest first',
      right: allow(['operator', 'property'], ownRows),
      query: pageQuery,
      reply: page(settingsTemplate),
    },
    async ({ who, query }) => templates.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/settings-templates',
      tag,
      summary: 'A new template; it changes nothing by itself',
      right: allow(['operator', 'property'], ownRows),
      body: newSettingsTemplate,
      reply: settingsTemplate,
    },
    async ({ who, body, call }) => templates.create(who, body, call),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/settings-templates/:id',
      tag,
      summary: 'What a template sets from now on; terminals keep what they were given',
      right: allow(['operator', 'property'], own(terminals)),
      params: byId,
      body: newSettingsTemplate,
      reply: settingsTemplate,
    },
    async ({ who, params, body, call }) => templates.replace(who, params.id, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/settings-templates/:id',
      tag,
      summary: 'Remove a template; terminals keep what they were given',
      right: allow(['operator', 'property'], own(terminals)),
      params: byId,
    },
    async ({ who, params }) => templates.remove(who, params.id),
  );
}

function applyingRoutes({ api }: Platform, terminals: TerminalsService): void {
  const { templates } = terminals;
  /** The template and every terminal that the body names. */
  const ownOnOwn: Scope<Manager> = async (q, who, asked) => {
    await own(terminals)(q, who, asked);
    await terminals.mayManageAll(q, who, templatePreviewRequest.parse(asked.body).terminalIds);
  };

  api.route(
    {
      method: 'post',
      path: '/v1/settings-templates/:id/preview',
      tag,
      summary: 'What a template would change at each of these terminals',
      right: allow(['operator', 'property'], ownOnOwn),
      params: byId,
      body: templatePreviewRequest,
      reply: templatePreview,
      status: 200,
    },
    async ({ params, body }) => templates.preview(params.id, body.terminalIds),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/settings-templates/:id/apply',
      tag,
      summary: 'Do what a preview showed; refused if anything has changed since',
      right: allow(['operator', 'property'], ownOnOwn),
      params: byId,
      body: templateApply,
      reply: templateApplied,
      status: 200,
    },
    async ({ who, params, body, call }) => templates.apply(who, params.id, body, call),
  );
}
