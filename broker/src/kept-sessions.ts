import type { Limits } from './limits.ts';
import { isWild, matches } from './topic-filter.ts';

/** A message or a PUBREL that a client has not acknowledged; aedes makes more of its fields than are read here. */
export interface QueuedPacket {
  readonly cmd: string;
  readonly brokerId?: string | undefined;
  readonly brokerCounter?: number | undefined;
  readonly topic?: string;
  readonly payload?: Buffer;
  readonly qos?: number;
  messageId?: number | undefined;
  dup?: boolean;
  readonly retain?: boolean;
}

export interface KeptSubscription {
  readonly topic: string;
  readonly qos: number;
}

interface KeptSession {
  readonly subscriptions: Map<string, number>;
  queue: QueuedPacket[];
}

/**
 * The sessions of clean=false (MQTT 3.1.1, clause 3.1.2.4): subscriptions, and messages of QoS 1 and 2 until they are acknowledged. In memory and
 * bounded: the session used longest ago gives way to a new one, the oldest message of a queue to the newest.
 */
export class KeptSessions {
  readonly #limits: Limits['kept'];
  readonly #sessions = new Map<string, KeptSession>();
  readonly #dropped: () => void;
  #bytes = 0;

  /** `dropped` is told of each message given up for want of room. */
  constructor(limits: Limits['kept'], dropped: () => void) {
    this.#limits = limits;
    this.#dropped = dropped;
  }

  get count(): number {
    return this.#sessions.size;
  }

  subscribe(client: string, subscriptions: readonly KeptSubscription[]): void {
    const session = this.#sessions.get(client) ?? { subscriptions: new Map<string, number>(), queue: [] };
    this.#sessions.delete(client);
    this.#sessions.set(client, session); // in the order of use
    for (const { topic, qos } of subscriptions) {
      if (qos <= 2) session.subscriptions.set(topic, qos);
      else session.subscriptions.delete(topic); // 0x80: it was refused
    }
    if (this.#sessions.size > this.#limits.sessions) {
      for (const oldest of this.#sessions.keys()) {
        this.forget(oldest);
        break;
      }
    }
  }

  unsubscribe(client: string, filters: readonly string[]): void {
    for (const filter of filters) this.#sessions.get(client)?.subscriptions.delete(filter);
  }

  subscriptionsOf(client: string): KeptSubscription[] {
    const session = this.#sessions.get(client);
    return session ? Array.from(session.subscriptions, ([topic, qos]) => ({ topic, qos })) : [];
  }

  forget(client: string): void {
    for (const packet of this.#sessions.get(client)?.queue ?? []) this.#bytes -= sizeOf(packet);
    this.#sessions.delete(client);
  }

  /** The sessions that want a message, each once, with the highest QoS of its matching filters (clause 3.3.5). */
  wanting(topic: string): { readonly clientId: string; readonly qos: number }[] {
    const wanting: { clientId: string; qos: number }[] = [];
    for (const [clientId, { subscriptions }] of this.#sessions) {
      const qos = grantedQos(subscriptions, topic, 2);
      if (qos !== undefined && qos > 0) wanting.push({ clientId, qos });
    }
    return wanting;
  }

  queue(client: string, packet: QueuedPacket): void {
    const session = this.#sessions.get(client);
    if (!session) return;
    const bytes = sizeOf(packet);
    while (session.queue.length > 0 && this.#isFull(session, bytes)) this.#giveUpOldest(session);
    if (this.#isFull(session, bytes)) return this.#dropped();
    session.queue.push(packet);
    this.#bytes += bytes;
  }

  /** What is to be sent when `client` returns; what had been sent before goes as a duplicate (clause 3.3.1.1). */
  unacknowledged(client: string): QueuedPacket[] {
    const queue = this.#sessions.get(client)?.queue ?? [];
    for (const packet of queue) if (packet.cmd === 'publish' && packet.messageId !== undefined) packet.dup = true;
    return [...queue];
  }

  /** A message goes out under an identifier, or a PUBREL takes the place of its message. */
  sent(client: string, packet: QueuedPacket): void {
    const session = this.#sessions.get(client);
    if (!session) return;
    const isIt =
      packet.cmd === 'publish'
        ? ({ brokerCounter }: QueuedPacket) => brokerCounter === packet.brokerCounter
        : ({ messageId }: QueuedPacket) => messageId === packet.messageId;
    const at = session.queue.findIndex(isIt);
    const found = session.queue[at];
    if (!found) return;
    if (packet.cmd === 'publish') found.messageId = packet.messageId;
    else {
      this.#bytes += sizeOf(packet) - sizeOf(found);
      session.queue[at] = packet;
    }
  }

  /** Takes what was acknowledged off the queue. */
  acknowledged(client: string, messageId: number | undefined): QueuedPacket | undefined {
    const queue = this.#sessions.get(client)?.queue ?? [];
    const at = queue.findIndex((packet) => packet.messageId === messageId);
    const [found] = at < 0 ? [] : queue.splice(at, 1);
    if (found) this.#bytes -= sizeOf(found);
    return found;
  }

  #isFull({ queue }: KeptSession, bytes: number): boolean {
    return queue.length >= this.#limits.queuedMessages || this.#bytes + bytes > this.#limits.bytes;
  }

  #giveUpOldest(session: KeptSession): void {
    const packet = session.queue.shift();
    if (!packet) return;
    this.#bytes -= sizeOf(packet);
    this.#dropped();
  }
}

/** The highest QoS that the filters which match `topic` were granted, or undefined if none matches; `enough` ends the search. */
export function grantedQos(
  subscriptions: ReadonlyMap<string, number>,
  topic: string,
  enough: number,
): number | undefined {
  let granted = subscriptions.get(topic);
  if (granted !== undefined && granted >= enough) return granted;
  for (const [filter, qos] of subscriptions) {
    if ((granted === undefined || qos > granted) && isWild(filter) && matches(filter, topic)) granted = qos;
    if (granted !== undefined && granted >= enough) return granted;
  }
  return granted;
}

const sizeOf = ({ topic = '', payload }: QueuedPacket): number => topic.length + (payload?.length ?? 0);
