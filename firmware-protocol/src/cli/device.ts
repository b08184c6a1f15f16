import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { DeviceDescription } from '../osdp/pd/device-description.ts';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import { DeviceLine } from '../sim/device-line.ts';
import { DeviceMemory } from '../sim/device-memory.ts';
import { deviceServices } from '../sim/device-services.ts';
import { LinkServer } from '../transport/link-server.ts';
import { systemClock } from '../units/time.ts';
import type { DeviceArgs } from './device-args.ts';
import { readDeviceArgs } from './device-args.ts';
import { DOOR_BOARD, readDeviceFile } from './device-file.ts';
import { actOnLine } from './device-input.ts';
import { UsageError } from './usage-error.ts';

/** Blinking and the panel's silence change a device's state by themselves. */
const TICK_MS = 250;

/**
 * `pd`: devices that answer on a link, the reference firmware. Each line on standard input is something that happens to one
 * (see {@link actOnLine}); each change of a device's state is a JSON line on standard output. Ends with its input, SIGINT or SIGTERM.
 */
export async function runDevice(args: readonly string[]): Promise<number> {
  const options = readDeviceArgs(args);
  const { place, addresses, baud, describe } = options;
  const description = describe === undefined ? DOOR_BOARD : await readDeviceFile(describe);
  const devices = makeDevices(options, description);
  const line = new DeviceLine({ clock: systemClock, devices, ...(baud !== undefined && { baud }) });
  const server = new LinkServer(place, (link) => line.attach(link));
  const linkPort = await server.start();
  console.log(JSON.stringify({ ready: true, linkPort, address: addresses[0], addresses }));
  const tick = setInterval(tellChanges(devices), TICK_MS);
  await readInput((text) => {
    const refusal = actOnLine(devices, text);
    if (refusal !== undefined) {
      console.error(refusal);
    }
  });
  clearInterval(tick);
  line.stop();
  await server.stop();
  return 0;
}

/** Resolves when the input ends or the program is told to. */
async function readInput(onLine: (line: string) => void): Promise<void> {
  const lines = createInterface(process.stdin);
  lines.on('line', onLine);
  process.once('SIGINT', () => lines.close());
  process.once('SIGTERM', () => lines.close());
  await once(lines, 'close');
}

function makeDevices(options: DeviceArgs, description: DeviceDescription): Peripheral[] {
  const { addresses, keyFile, isInstalling, requiresSecure } = options;
  const memory = new DeviceMemory(keyFile);
  loadMemory(memory);
  return addresses.map((address) => {
    const name = String(address);
    if (requiresSecure && !isInstalling && memory.keyOf(name) === undefined) {
      throw new UsageError(`Device ${name} has no key to require: add --install, or a --key-file that holds one.`);
    }
    return new Peripheral({
      ...description,
      identity: { ...description.identity, serial: description.identity.serial + addresses.indexOf(address) },
      ...deviceServices({ memory, name, installMode: isInstalling, enforced: requiresSecure }),
      address: memory.settingsOf(name).address ?? address,
      onChange: () => {},
    });
  });
}

function loadMemory(memory: DeviceMemory): void {
  try {
    memory.load();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The key file cannot be read.', { cause: error });
  }
}

function stateOf(device: Peripheral, nowMs: number) {
  return {
    address: device.address,
    online: device.isOnlineAt(nowMs),
    secure: device.secureStateAt(nowMs),
    outputs: device.outputs,
    inputs: device.inputs,
    readers: device.readers.map((reader) => ({
      led: reader.colourAt(nowMs),
      buzzer: reader.isSoundingAt(nowMs),
      text: reader.text,
    })),
  };
}

/** Prints the state of each device that differs from when it was printed last. */
function tellChanges(devices: readonly Peripheral[]): () => void {
  const told = new Map<Peripheral, string>();
  return () => {
    const nowMs = systemClock.mono();
    for (const device of devices) {
      const state = JSON.stringify(stateOf(device, nowMs));
      if (told.get(device) !== state) {
        told.set(device, state);
        console.log(state);
      }
    }
  };
}
