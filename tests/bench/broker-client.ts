import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectFrame, frame, type as packet } from '../conformance/mqtt-line.ts';

export interface Login {
  readonly clientId: string;
  readonly token: string;
  /** The loopback address to come from, as bounds are by address. */
  readonly from?: string;
}

const connackBytes = 4;

/** An MQTT client that costs next to nothing, so that what is measured is the broker. Acknowledges QoS 1 as it comes. */
export class BrokerClient {
  readonly socket: Socket;
  onAck: () => void = () => undefined;
  onMessage: (bytes: Buffer, payloadAt: number) => void = () => undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
  }

  /** Rejects unless the broker accepts. */
  static async connect(port: number, { clientId, token, from }: Login): Promise<BrokerClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, localAddress: from ?? '127.0.0.1' });
    await once(socket, 'connect');
    socket.write(connectFrame({ clientId, username: clientId, password: token, keepalive: 120 }));
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the broker closed the line')));
    });
    if (answer.length !== connackBytes || answer[3] !== 0) throw new Error(`refused: ${answer.toString('hex')}`);
    socket.on('error', () => undefined); // how a line ends is not measured
    return new BrokerClient(socket);
  }

  async subscribe(...filters: string[]): Promise<void> {
    const parts = filters.map((filter) => Buffer.concat([stringOf(filter), Buffer.from([1])]));
    const answered = new Promise<void>((resolve) => (this.onAck = resolve));
    this.socket.write(frame(packet.subscribe, 2, Buffer.from([0, 1]), ...parts));
    await answered;
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (let end = frameEnd(bytes, at); end > 0; end = frameEnd(bytes, at)) {
      this.#hear(bytes, at, end);
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }

  #hear(bytes: Buffer, at: number, end: number): void {
    const first = bytes[at] ?? 0;
    if (first >> 4 !== packet.publish) return this.onAck();
    const isLong = (bytes[at + 1] ?? 0) >= 0x80;
    const topicAt = at + (isLong ? 3 : 2);
    const idAt = topicAt + 2 + bytes.readUInt16BE(topicAt);
    if ((first & 6) === 2) this.socket.write(Buffer.from([0x40, 2, bytes[idAt] ?? 0, bytes[idAt + 1] ?? 0]));
    this.onMessage(bytes.subarray(0, end), (first & 6) === 0 ? idAt : idAt + 2);
  }
}

/** Where the frame at `at` ends, or 0 while it is not whole; lengths of one or two bytes are all that is sent here. */
function frameEnd(bytes: Buffer, at: number): number {
  const low = bytes[at + 1];
  if (low === undefined) return 0;
  const high = low < 0x80 ? 0 : bytes[at + 2];
  if (high === undefined) return 0;
  const end = low < 0x80 ? at + 2 + low : at + 3 + (low & 0x7f) + high * 128;
  return end <= bytes.length ? end : 0;
}

function stringOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** PUBLISH of QoS 1 with identifier 1. */
export const publishFrame = (topic: string, payload: Buffer): Buffer =>
  frame(packet.publish, 2, stringOf(topic), Buffer.from([0, 1]), payload);
