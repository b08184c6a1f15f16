import { Readable } from 'node:stream';
import type { KeptSessions, KeptSubscription, QueuedPacket } from './kept-sessions.ts';
import type { RetainedMessages } from './retained-messages.ts';

interface Named {
  readonly id: string;
  readonly clean?: boolean;
}

interface Incoming {
  readonly messageId: number;
}

/**
 * What aedes asks of its `persistence`, in memory and bounded. aedes' own memory store has no bound, keeps a queue for every client that ever
 * acknowledged something, and looks through all retained messages for each subscription.
 */
export class MemoryStore {
  readonly #retained: RetainedMessages;
  readonly #sessions: KeptSessions;
  /** Identifiers of QoS 2 messages taken in whose PUBREL has not come, by client; aedes bounds their number. */
  readonly #incoming = new Map<string, Set<number>>();
  readonly #incomingMax: number;

  /** `clientsMax`: of how many clients at one time the QoS 2 identifiers are known. */
  constructor(retained: RetainedMessages, sessions: KeptSessions, clientsMax: number) {
    this.#retained = retained;
    this.#sessions = sessions;
    this.#incomingMax = clientsMax;
  }

  async setup(): Promise<void> {
    // nothing to open; aedes insists on an async function
  }

  /** The hook that allows a publication has kept it already, as only that knows who said it. */
  async storeRetained(): Promise<void> {
    // see the doc comment
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return Readable.from(matchingAny(filters, this.#retained));
  }

  async addSubscriptions({ id }: Named, subscriptions: readonly KeptSubscription[]): Promise<void> {
    this.#sessions.subscribe(id, subscriptions);
  }

  async removeSubscriptions({ id }: Named, filters: readonly string[]): Promise<void> {
    this.#sessions.unsubscribe(id, filters);
  }

  async subscriptionsByClient({ id }: Named): Promise<KeptSubscription[]> {
    return this.#sessions.subscriptionsOf(id);
  }

  /** A clean session begins: whatever the client left behind is over (clause 3.1.2.4). */
  async cleanSubscriptions({ id }: Named): Promise<void> {
    this.#sessions.forget(id);
  }

  async subscriptionsByTopic(topic: string): Promise<{ readonly clientId: string; readonly qos: number }[]> {
    return this.#sessions.count === 0 ? [] : this.#sessions.wanting(topic);
  }

  async outgoingEnqueueCombi(
    wanting: readonly { readonly clientId: string; readonly qos: number }[],
    packet: QueuedPacket,
  ): Promise<void> {
    for (const { clientId, qos } of wanting) this.#queue(clientId, { ...packet, qos: Math.min(qos, packet.qos ?? 0) });
  }

  async outgoingEnqueue({ clientId }: { readonly clientId: string }, packet: QueuedPacket): Promise<void> {
    this.#queue(clientId, { ...packet });
  }

  async outgoingUpdate({ id }: Named, packet: QueuedPacket): Promise<void> {
    this.#sessions.sent(id, packet);
  }

  async outgoingClearMessageId({ id }: Named, { messageId }: QueuedPacket): Promise<QueuedPacket | undefined> {
    return this.#sessions.acknowledged(id, messageId);
  }

  outgoingStream({ id }: Named): Readable {
    return Readable.from(this.#sessions.unacknowledged(id));
  }

  async incomingStorePacket({ id }: Named, { messageId }: Incoming): Promise<void> {
    const ids = this.#incoming.get(id) ?? new Set<number>();
    this.#incoming.set(id, ids.add(messageId));
    if (this.#incoming.size > this.#incomingMax) {
      for (const oldest of this.#incoming.keys()) {
        this.#incoming.delete(oldest);
        break;
      }
    }
  }

  /** Rejects for a packet that is not known: so aedes tells a new one from a repeated one. */
  async incomingGetPacket({ id }: Named, packet: Incoming): Promise<Incoming> {
    if (!this.#incoming.get(id)?.has(packet.messageId)) throw new Error('no such packet');
    return packet;
  }

  async incomingDelPacket({ id }: Named, { messageId }: Incoming): Promise<void> {
    this.#incoming.get(id)?.delete(messageId);
  }

  async cleanIncoming({ id }: Named): Promise<void> {
    this.#incoming.delete(id);
  }

  /** A will lives as long as the connection that left it, and aedes has it there. */
  async putWill(): Promise<void> {
    // see the doc comment
  }

  async delWill(): Promise<void> {
    // see the doc comment
  }

  streamWill(): Readable {
    return Readable.from([]);
  }

  #queue(clientId: string, packet: QueuedPacket): void {
    if (packet.qos === 0) return;
    // The payload is a view on the socket's chunk, which would be kept with it.
    const payload = packet.payload && Buffer.from(packet.payload);
    this.#sessions.queue(clientId, { ...packet, ...(payload && { payload }), retain: false });
  }
}

function* matchingAny(filters: readonly string[], retained: RetainedMessages) {
  for (const filter of filters) for (const message of retained.matching(filter)) yield { cmd: 'publish', ...message };
}
