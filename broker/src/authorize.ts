import { mayPublish, maySubscribe, type Principal } from '@gatecast/firmware-protocol/messages';
import type { RefusalCode } from './refusal.ts';

/** A message or a will. */
export interface Publication {
  readonly topic: string;
  readonly qos: number;
}

/** Why `who` may not publish this, or undefined if it may. QoS 2 is not among what Gatecast asks of a broker. */
export function publishRefusal(who: Principal | undefined, { topic, qos }: Publication): RefusalCode | undefined {
  if (qos > 1) return 'qos-2';
  return who && mayPublish(who, topic) ? undefined : 'foreign-publish';
}

export function willRefusal(who: Principal, will: Publication | undefined): RefusalCode | undefined {
  const refusal = will && publishRefusal(who, will);
  return refusal === 'foreign-publish' ? 'foreign-will' : refusal;
}

export function subscribeRefusal(who: Principal | undefined, filter: string): RefusalCode | undefined {
  return who && maySubscribe(who, filter) ? undefined : 'foreign-subscription';
}
