import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitUntil } from '../harness/wait-until.ts';

/** Packet types (MQTT 3.1.1, table 2.1). */
export const type = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;

export interface Packet {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

export interface Message {
  readonly topic: string;
  readonly text: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly id: number;
}

const word = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const string = (text: string | Buffer) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([word(bytes.length), bytes]);
};

/** A packet as bytes, the remaining length in as few of them as it takes (clause 2.2.3). */
export function frame(kind: number, flags: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  let rest = body.length;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    length.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([(kind << 4) | flags, ...length]), body]);
}

export interface ConnectOptions {
  readonly clientId?: string | Buffer;
  readonly clean?: boolean;
  readonly keepalive?: number;
  readonly protocol?: string;
  readonly level?: number;
  readonly username?: string;
  readonly password?: string;
  readonly will?: { readonly topic: string; readonly text: string; readonly qos?: number; readonly retain?: boolean };
  /** Besides what the other options set. */
  readonly flags?: number;
}

export function connectFrame(options: ConnectOptions): Buffer {
  const {
    clientId = '',
    clean = true,
    keepalive = 60,
    protocol = 'MQTT',
    level = 4,
    will,
    username,
    password,
  } = options;
  let flags = (options.flags ?? 0) | (clean ? 2 : 0);
  if (will) flags |= 4 | ((will.qos ?? 0) << 3) | (will.retain === true ? 32 : 0);
  if (username !== undefined) flags |= 128;
  if (password !== undefined) flags |= 64;
  const properties = Buffer.alloc(level === 5 ? 1 : 0); // MQTT 5 has some there, none of them here
  const parts = [string(protocol), Buffer.from([level, flags]), word(keepalive), properties, string(clientId)];
  if (will) parts.push(string(will.topic), string(will.text));
  for (const text of [username, password]) if (text !== undefined) parts.push(string(text));
  return frame(type.connect, 0, ...parts);
}

/** A client that sends and hears bytes, and acknowledges nothing by itself unless told to. */
export class MqttLine {
  readonly #socket: Socket;
  readonly heard: Packet[] = [];
  readonly messages: Message[] = [];
  /** QoS 1 and 2 are acknowledged as they come. */
  acknowledges = true;
  closed = false;
  #unread: Buffer = Buffer.alloc(0);
  #id = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined); // a reset is one of the ends that are looked for
    socket.on('data', (chunk) => this.#take(chunk));
    socket.once('close', () => (this.closed = true));
  }

  static async open(port: number): Promise<MqttLine> {
    const socket = connect(port, '127.0.0.1');
    const line = new MqttLine(socket);
    await once(socket, 'connect');
    return line;
  }

  /** Connects and resolves with the CONNACK's two bytes: session present, return code. */
  async connect(options: ConnectOptions): Promise<{ readonly present: boolean; readonly code: number }> {
    this.send(connectFrame(options));
    const { body } = await this.next(type.connack);
    return { present: body[0] === 1, code: body[1] ?? -1 };
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The oldest packet of that type not taken yet; waits for it. */
  async next(kind: number): Promise<Packet> {
    await waitUntil(`a packet of type ${kind}`, () => this.#has(kind) || this.closed, { everyMs: 2 });
    const at = this.heard.findIndex((packet) => packet.type === kind);
    const [found] = at < 0 ? [] : this.heard.splice(at, 1);
    if (!found) throw new Error(`the line was closed before a packet of type ${kind} came`);
    return found;
  }

  /** Resolves with the messages heard once there are `count`. */
  async hears(count: number): Promise<Message[]> {
    await waitUntil(`${count} messages`, () => this.messages.length >= count, { everyMs: 2 });
    return this.messages;
  }

  /** Resolves with what SUBACK grants. */
  async subscribe(...filters: readonly (readonly [filter: string | Buffer, qos: number])[]): Promise<number[]> {
    const parts = filters.map(([filter, qos]) => Buffer.concat([string(filter), Buffer.from([qos])]));
    this.send(frame(type.subscribe, 2, word(this.#nextId()), ...parts));
    const { body } = await this.next(type.suback);
    return [...body.subarray(2)];
  }

  async unsubscribe(...filters: string[]): Promise<void> {
    this.send(frame(type.unsubscribe, 2, word(this.#nextId()), ...filters.map(string)));
    await this.next(type.unsuback);
  }

  /** Publishes, and for QoS 1 and 2 goes through with it. */
  async publish(topic: string, text: string, qos = 0, options: { retain?: boolean } = {}): Promise<void> {
    const id = this.publishOnly(topic, text, qos, options);
    if (qos === 1) await this.next(type.puback);
    if (qos === 2) {
      await this.next(type.pubrec);
      this.release(id);
      await this.next(type.pubcomp);
    }
  }

  /** Sends the PUBLISH and nothing more; answers its identifier. */
  publishOnly(
    topic: string,
    text: string,
    qos = 0,
    options: { retain?: boolean; dup?: boolean; id?: number } = {},
  ): number {
    const id = options.id ?? this.#nextId();
    const flags = (options.dup === true ? 8 : 0) | (qos << 1) | (options.retain === true ? 1 : 0);
    this.send(frame(type.publish, flags, string(topic), ...(qos > 0 ? [word(id)] : []), Buffer.from(text)));
    return id;
  }

  release(id: number): void {
    this.send(frame(type.pubrel, 2, word(id)));
  }

  /** Waits until the broker has dealt with everything sent before. */
  async settled(): Promise<void> {
    this.send(frame(type.pingreq, 0));
    await this.next(type.pingresp);
  }

  /** Says DISCONNECT. */
  async leave(): Promise<void> {
    this.send(frame(type.disconnect, 0));
    await this.ended();
  }

  /** Breaks the line without a word. */
  async drop(): Promise<void> {
    this.#socket.destroy();
    await this.ended();
  }

  ended(withinMs = 15_000): Promise<void> {
    return waitUntil('the line to end', () => this.closed, { withinMs, everyMs: 2 }).then(() => undefined);
  }

  #has(kind: number): boolean {
    return this.heard.some((packet) => packet.type === kind);
  }

  #nextId(): number {
    return (this.#id += 1);
  }

  #take(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (let packet = this.#cut(); packet; packet = this.#cut()) {
      if (packet.type === type.publish) this.#deliver(packet);
      else if (packet.type === type.pubrel && this.acknowledges) this.send(frame(type.pubcomp, 0, packet.body));
      else this.heard.push(packet);
    }
  }

  #deliver({ flags, body }: Packet): void {
    const qos = (flags >> 1) & 3;
    const topicEnd = 2 + body.readUInt16BE(0);
    const id = qos > 0 ? body.readUInt16BE(topicEnd) : 0;
    const text = body.subarray(qos > 0 ? topicEnd + 2 : topicEnd).toString();
    const topic = body.subarray(2, topicEnd).toString();
    this.messages.push({ topic, text, qos, retain: (flags & 1) === 1, dup: (flags & 8) === 8, id });
    if (qos > 0 && this.acknowledges) this.send(frame(qos === 1 ? type.puback : type.pubrec, 0, word(id)));
  }

  /** The first whole packet of what has come, taken off it. */
  #cut(): Packet | undefined {
    const bytes = this.#unread;
    let length = 0;
    for (let at = 1; at < bytes.length && at <= 4; at += 1) {
      const byte = bytes[at] ?? 0;
      length += (byte & 0x7f) * 128 ** (at - 1);
      if (byte >= 0x80) continue;
      const end = at + 1 + length;
      if (bytes.length < end) return undefined;
      this.#unread = bytes.subarray(end);
      const first = bytes[0] ?? 0;
      return { type: first >> 4, flags: first & 0x0f, body: bytes.subarray(at + 1, end) };
    }
    return undefined;
  }
}
