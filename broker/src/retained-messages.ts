import type { Session } from './access-policy.ts';
import type { Limits } from './limits.ts';
import { isWild, matches } from './topic-filter.ts';

/** A message that waits for who subscribes later. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
}

interface Kept extends RetainedMessage {
  /** Who said it; undefined for what the broker says of itself. */
  readonly by: Session | undefined;
}

/** The last retained message of each topic, in memory only, bounded in number, in bytes, and in the bytes of one. */
export class RetainedMessages {
  readonly #limits: Limits['retained'];
  readonly #byTopic = new Map<string, Kept>();
  #bytes = 0;

  constructor(limits: Limits['retained']) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#byTopic.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a copy in the place of the topic's last one; an empty payload only takes that away (clause 3.3.1.3). False if there is no room. */
  put(message: RetainedMessage, by: Session | undefined): boolean {
    const old = this.#byTopic.get(message.topic);
    if (message.payload.length === 0) {
      this.#drop(old);
      return true;
    }
    const bytes = this.#bytes - sizeOf(old) + sizeOf(message);
    const count = this.count + (old ? 0 : 1);
    const { payloadBytes, messages, bytes: bytesMax } = this.#limits;
    if (message.payload.length > payloadBytes || count > messages || bytes > bytesMax) return false;
    // The payload is a view on the socket's chunk, which would be kept with it.
    this.#byTopic.set(message.topic, { ...message, payload: Buffer.from(message.payload), by });
    this.#bytes = bytes;
    return true;
  }

  /** What a subscription to `filter` gets. */
  *matching(filter: string): Generator<RetainedMessage> {
    if (isWild(filter)) {
      for (const message of this.#byTopic.values()) if (matches(filter, message.topic)) yield message;
    } else {
      const message = this.#byTopic.get(filter);
      if (message) yield message;
    }
  }

  /** Forgets what was said by who has been revoked since. */
  dropRevoked(): void {
    for (const message of this.#byTopic.values()) if (message.by?.lapse() === 'revoked') this.#drop(message);
  }

  #drop(message: Kept | undefined): void {
    if (!message) return;
    this.#byTopic.delete(message.topic);
    this.#bytes -= sizeOf(message);
  }
}

/** Bytes on the wire; what the objects around them take comes on top. */
const sizeOf = (message: RetainedMessage | undefined): number =>
  message ? message.topic.length + message.payload.length : 0;
