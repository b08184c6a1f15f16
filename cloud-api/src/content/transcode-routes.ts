import { z } from 'zod';
import { allow, operatorOnly, ownRows } from '../platform/auth.ts';
import { id } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { clip } from './contract.ts';
import { converterHealth } from './converter-contract.ts';
import type { Content } from './service.ts';

const tag = 'content';

export function transcodeRoutes({ api }: Platform, content: Content): void {
  api.route(
    {
      method: 'post',
      path: '/v1/clips/:id/retry',
      tag,
      summary: 'Convert a clip again that failed; its upload is kept for a week',
      right: allow(['operator', 'merchant'], ownRows),
      params: z.object({ id }),
      reply: clip,
      status: 200,
    },
    ({ who, params }) => content.retry(who, params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/converter',
      tag,
      summary: 'The ffmpeg in use, what holds it, and how many clips wait for it',
      right: operatorOnly,
      reply: converterHealth,
    },
    () => content.converterHealth(),
  );
}
