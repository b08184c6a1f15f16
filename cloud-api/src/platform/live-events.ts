import { z } from 'zod';
import { atMs } from './contract.ts';

/**
 * `GET /v1/events` (server-sent events; `id` is the row, `event` the type, `data` this object). Each role sees its own scope.
 * `subject` is the id that the event is about; `facts` are small and hold no personal data, but for the roles that may see it elsewhere.
 */
const liveEvent = z.object({
  id: z.int(),
  type: z.enum([
    'terminal-online',
    'terminal-offline',
    'document-published',
    'document-applied',
    'document-failed',
    'command',
    'access',
    'touch',
    'play',
    'half-hour',
    'invoice',
    'report',
    'dispute',
    'clip',
    'clip-preview',
    'permit',
    'booking',
    'delivery',
    'visit',
    'order',
    'group',
    'pickup',
    'alarm',
    'door',
    'duress',
    'help',
    'pass',
    'resident',
    'import',
    'notice',
    'complaint',
    'commissioning',
    'health',
    'fleet-alarm',
    'rollout',
    'team',
    'merchant',
  ]),
  subject: z.string(),
  at: atMs,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type LiveEvent = z.infer<typeof liveEvent>;
export type LiveEventType = LiveEvent['type'];
