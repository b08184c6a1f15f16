import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as passing } from 'node:timers/promises';
import { topicsOf } from '@gatecast/firmware-protocol/messages';
import { BrokerClient, publishFrame } from './broker-client.ts';
import type { LoadJob } from './broker-load-jobs.ts';

type Job<Kind extends LoadJob['do']> = Extract<LoadJob, { do: Kind }>;

const commandBytes = 4_096;
const floodBytes = 60 * 1_048_576;
const floodLines = 3;
const knocksAtOnce = 64;
const betweenFreezesMs = 400;

export async function freeze({ port, frozen, cloud, ms }: Job<'freeze'>): Promise<void> {
  const untilMs = performance.now() + ms;
  const sender = await BrokerClient.connect(port, cloud);
  const { command } = topicsOf(frozen.clientId);
  const bytes = publishFrame(command, Buffer.alloc(commandBytes));
  sender.onAck = () => {
    if (performance.now() < untilMs) sender.socket.write(bytes);
  };
  sender.onAck();
  while (performance.now() < untilMs) {
    const reader = await BrokerClient.connect(port, frozen);
    await reader.subscribe(command);
    reader.socket.pause();
    await Promise.race([isCut(reader.socket), passing(untilMs - performance.now())]);
    reader.socket.destroy();
    await passing(betweenFreezesMs); // within the rate of sign-ins
  }
  sender.socket.destroy();
}

/** A paused socket hears nothing of its end, so it is asked. */
async function isCut(socket: Socket): Promise<void> {
  while (!socket.destroyed && socket.writable) {
    await passing(20);
    socket.write(Buffer.from([0xc0, 0])); // PINGREQ: a closed far end answers with a reset
  }
}

export async function flood({ port, ms }: Job<'flood'>): Promise<void> {
  const untilMs = performance.now() + ms;
  const begin = Buffer.from([0x10, 0x80, 0x80, 0x80, 0x1e]); // a CONNECT of 60 MB
  await Promise.all(Array.from({ length: floodLines }, () => floodLine(port, begin, untilMs)));
}

async function floodLine(port: number, begin: Buffer, untilMs: number): Promise<void> {
  const chunk = Buffer.alloc(65_536);
  let sent = 0;
  while (sent < floodBytes && performance.now() < untilMs) {
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(begin);
    for (; sent < floodBytes && !socket.destroyed && performance.now() < untilMs; sent += chunk.length) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => closed), closed, passing(1_000)]);
    }
    socket.destroy();
    await closed;
  }
}

export async function knock({ port, ms }: Job<'knock'>): Promise<void> {
  const untilMs = performance.now() + ms;
  await Promise.all(
    Array.from({ length: knocksAtOnce }, async () => {
      while (performance.now() < untilMs) {
        const socket = connect(port, '127.0.0.1');
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.on('error', () => undefined);
        socket.once('connect', () => socket.destroy());
        await closed;
      }
    }),
  );
}
