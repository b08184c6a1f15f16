import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ControlPanel,
  ControlPanelLine,
  MemoryKeyStore,
  Peripheral,
  invariant,
  systemClock,
} from '@gatecast/firmware-protocol';
import type { ControlPanelOptions, PeripheralOptions } from '@gatecast/firmware-protocol';
import { LinkServer, aes128, unixLink } from '@gatecast/firmware-protocol/node';
import { DeviceLine } from '@gatecast/firmware-protocol/sim';
import type { Side } from './in-turns.ts';

const baud = 115_200;
const address = 0;
const scbk = new Uint8Array(randomBytes(16));
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));

function device(isSecure: boolean): Peripheral {
  const options: PeripheralOptions = {
    address,
    identity: { vendor: '474343', model: 1, version: 1, serial: 7, firmware: { major: 1, minor: 0, build: 0 } },
    inputs: 3,
    outputs: 1,
    readers: 1,
    onChange: () => undefined,
  };
  const secure = {
    newCipher: aes128,
    random,
    key: scbk,
    installMode: false,
    onKeySet: () => undefined,
    enforced: true,
  };
  return new Peripheral(isSecure ? { ...options, secure } : options);
}

async function keysOfPanel(isSecure: boolean): Promise<Pick<ControlPanelOptions, 'secure'>> {
  if (!isSecure) return {};
  const keys = new MemoryKeyStore();
  await keys.put(address, { current: scbk, next: undefined });
  return { secure: { newCipher: aes128, random, keys } };
}

/** Whole state machines of both ends with an idle device, in virtual time: what a bus costs a processor. */
export async function panelSide(isSecure: boolean): Promise<Side> {
  const atDoor = device(isSecure);
  const panel = new ControlPanel({
    baud,
    devices: [{ address }],
    onEvent: () => undefined,
    ...(await keysOfPanel(isSecure)),
  });
  let nowMs = 0;
  const run: Side = (count) => {
    for (let done = 0; done < count;) {
      const bytes = panel.nextTransmission(nowMs);
      if (bytes === undefined) {
        nowMs = panel.nextDeadlineMs() ?? nowMs;
      } else {
        for (const reply of atDoor.receive(bytes, nowMs)) panel.receive(reply, nowMs);
        done += 1;
      }
    }
  };
  run(10);
  const status = panel.device(address);
  invariant(status?.phase === 'online' && status.secure === (isSecure ? 'secured' : 'plain'), 'the device is online');
  return run;
}

/** From the start of a panel to a device that was waiting for one, over a unix socket: until it is usable, sealed if it has a key. */
export async function timeToOnlineMs(isSecure: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const path = join(folder, 'line');
  const line = new DeviceLine({ clock: systemClock, devices: [device(isSecure)] });
  const server = new LinkServer({ path }, (link) => line.attach(link));
  await server.start();
  const events = new EventTarget();
  const panel = new ControlPanelLine({
    connect: unixLink(path),
    clock: systemClock,
    baud,
    devices: [{ address }],
    onEvent: ({ type }) => events.dispatchEvent(new Event(type)),
    ...(await keysOfPanel(isSecure)),
  });
  try {
    const isOnline = once(events, 'online');
    const startMs = performance.now();
    panel.start();
    await isOnline;
    const tookMs = performance.now() - startMs;
    invariant(
      panel.panel.device(address)?.secure === (isSecure ? 'secured' : 'plain'),
      'the channel is as it should be',
    );
    return tookMs;
  } finally {
    panel.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
