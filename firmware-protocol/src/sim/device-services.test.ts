import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Peripheral } from '../osdp/pd/peripheral.ts';
import { BOARD, WirePanel } from '../osdp/pd/wire-panel.fixture.ts';
import { DeviceMemory } from './device-memory.ts';
import { deviceServices } from './device-services.ts';

const key = Uint8Array.from({ length: 16 }, (_, index) => 0x70 + index);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-device-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The device as it starts with what its file holds. */
function powerUp(): { device: Peripheral; panel: WirePanel } {
  const memory = new DeviceMemory(join(folder, 'flash.json'));
  memory.load();
  const address = memory.settingsOf('gate').address ?? BOARD.address;
  const device = new Peripheral({ ...BOARD, ...deviceServices({ memory, name: 'gate' }), address });
  return { device, panel: new WirePanel(device) };
}

test('a board from the box is paired once, and after a restart only its own key opens a channel', () => {
  const { device, panel } = powerUp();
  expect(device.isInstalling).toBe(true);
  expect(panel.ask({ kind: 'lstat' })).toMatchObject({ kind: 'lstatr' });
  panel.connect('default-key');
  expect(panel.askSealed({ kind: 'keyset', keyType: 1, key })).toMatchObject({ reply: { kind: 'ack' } });
  const again = powerUp();
  expect(again.device.isInstalling).toBe(false);
  expect(again.panel.ask({ kind: 'lstat' })).toMatchObject({ kind: 'nak', error: 6 });
  expect(again.panel.challenge(0).frame).toMatchObject({ code: 0x41 });
  expect(again.panel.connect(key)).toBe(1);
  expect(again.panel.askSealed({ kind: 'lstat' })).toMatchObject({ reply: { kind: 'lstatr' } });
});

test('a board that was moved is at its new address after a restart', () => {
  const moved = { address: 12, baud: 38_400 };
  expect(powerUp().panel.ask({ kind: 'comset', ...moved })).toEqual({ kind: 'com', ...moved });
  expect(powerUp().device.address).toBe(12);
});

test('two boards never choose the same random number', () => {
  const randomOf = (): string => String(powerUp().panel.challenge(0).frame?.data.subarray(8, 16));
  expect(randomOf()).not.toBe(randomOf());
});
