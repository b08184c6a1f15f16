import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';

/** Rejects with the CONNACK's code if the broker refuses. */
export function connectMqtt(port: number, options: Partial<IClientOptions>): Promise<MqttClient> {
  return connectAsync(
    `mqtt://127.0.0.1:${port}`,
    { protocolVersion: 4, reconnectPeriod: 0, keepalive: 30, connectTimeout: 5_000, ...options },
    false,
  );
}

/** Resolves when the connection is over, by whichever way. */
export function closing(client: MqttClient): Promise<void> {
  client.on('error', () => undefined); // a reset or a broken pipe, as the broker closes first
  return new Promise((resolve) => client.once('close', resolve));
}

/** A bare TCP connection and how it ends. */
export interface RawClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
}

export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => undefined); // a reset is one of the ways in which these connections are meant to end
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, closed };
}

/** CONNECT of MQTT 3.1.1 with user name and password, as bytes. */
export function connectFrame(clientId: string, token: string): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
  };
  const flags = 0b1100_0010;
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, flags, 0, 60]),
    text(clientId),
    text(clientId),
    text(token),
  ]);
  return Buffer.concat([Buffer.from([0x10]), lengthBytes(body.length), body]);
}

/** MQTT 3.1.1, clause 2.2.3. */
export function lengthBytes(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}
