import type { Communities } from '../communities/service.ts';
import { allow, operatorOnly, ownRows, type As, type Scope } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import {
  accuracyQuery,
  newOwnSegment,
  ownSegment,
  audienceForecast,
  communityAccuracy,
  forecastQuery,
  rankedCommunity,
  rankingQuery,
  holidayYear,
  newHolidayNotice,
} from './contract.ts';
import type { Declarations } from './declarations.ts';
import type { AudienceDesk } from './desk.ts';
import type { HolidayNotices } from './holiday-notices.ts';

const tag = 'audience';

/** The community that the query names: a property's own, anybody else's any. */
const named =
  (communities: Communities): Scope<As<'operator' | 'property' | 'merchant'>> =>
  async (q, who, { query }) => {
    const communityId = id.parse(query['communityId']);
    if (who.role === 'merchant') await communities.get(q, communityId);
    else await communities.mayManage(q, who, communityId);
  };

export function audienceRoutes({ api }: Platform, desk: AudienceDesk, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/audience/forecast',
      tag,
      summary:
        'Touches expected of each half-hour, as told before it, beside what was counted: by entrance, for merchants by placement',
      right: allow(['operator', 'property', 'merchant'], named(communities)),
      query: forecastQuery,
      reply: audienceForecast,
    },
    ({ who, query }) => desk.forecast(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/audience/accuracy',
      tag,
      summary: 'How the forecasts of a community compared with its counts: by day, by kind of day and in all',
      right: allow(['operator', 'property'], named(communities)),
      query: accuracyQuery,
      reply: communityAccuracy,
    },
    ({ query }) => desk.accuracy(query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/audience/communities',
      tag,
      summary: 'How true the forecasts of each community were, the worst first',
      right: operatorOnly,
      query: rankingQuery,
      reply: page(rankedCommunity),
    },
    ({ query }) => desk.ranking(query),
  );
}

export function holidayRoutes({ api }: Platform, notices: HolidayNotices): void {
  api.route(
    {
      method: 'get',
      path: '/v1/audience/holidays',
      tag,
      summary: 'What is known of the days on which China rests, year by year',
      right: operatorOnly,
      reply: page(holidayYear),
    },
    () => notices.list(),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/audience/holidays',
      tag,
      summary: 'Enter the State Council’s notice for this year or the next: forecasts follow it at once',
      right: operatorOnly,
      body: newHolidayNotice,
      reply: holidayYear,
    },
    ({ who, body, call }) => notices.enter(who, body, call),
  );
}

export function declarationRoutes({ api }: Platform, declarations: Declarations): void {
  const right = allow(['resident'], ownRows);
  api.route(
    {
      method: 'get',
      path: '/v1/me/segment',
      tag,
      summary: 'To which group I said that I belong',
      right,
      reply: ownSegment,
    },
    ({ who }) => declarations.of(who.residentId),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/me/segment',
      tag,
      summary: 'Say to which group I belong, or take it back; used as a sum of at least ten people alone',
      right,
      body: newOwnSegment,
      reply: ownSegment,
    },
    ({ who, body, call }) => declarations.declare(who, body.segment, call),
  );
}
