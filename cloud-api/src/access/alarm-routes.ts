import { z } from 'zod';
import { allow, ownRows } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { alarm, alarmAck, alarmCounts, alarmQuery } from './alarm-contract.ts';
import type { Alarms } from './alarms.ts';

const tag = 'alarms';
/** An alarm goes by the journal row that raised it: `term_….epoch.seq`. */
const alarmId = z.string().max(80);

export function alarmRoutes({ api }: Platform, alarms: Alarms): void {
  api.route(
    {
      method: 'get',
      path: '/v1/alarms',
      tag,
      summary: 'Alarms at the doors, newest first: what needs somebody’s eyes, or all of them',
      right: allow(['operator', 'property', 'guard'], ownRows),
      query: alarmQuery,
      reply: page(alarm),
    },
    async ({ who, query }) => alarms.list(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/alarm-counts',
      tag,
      summary: 'How many alarms nobody has acknowledged',
      right: allow(['operator', 'property', 'guard'], ownRows),
      query: z.object({ communityId: id.optional() }),
      reply: alarmCounts,
    },
    async ({ who, query }) => alarms.counts(who, query.communityId),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/alarms/:id/ack',
      tag,
      summary: 'Say that an alarm is seen to; it answers a call for help',
      right: allow(['operator', 'property', 'guard'], async (q, who, { params }) => {
        await alarms.mayAnswer(q, who, alarmId.parse(params['id']));
      }),
      params: z.object({ id: alarmId }),
      body: alarmAck,
      reply: alarm,
      status: 200,
    },
    async ({ who, params, body, call }) => alarms.acknowledge(who, params.id, body, call),
  );
}
