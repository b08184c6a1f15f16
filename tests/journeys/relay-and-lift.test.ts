import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pairReaders } from '../harness/pairing.ts';
import { RelayBoard } from '../harness/relay-board.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/*
 * The lock is moved from the reader's own board to a relay board, as an installer would, and a lift gets a terminal. The keypad stays on the encrypted
 * OSDP bus; what it opens hangs on Modbus RTU.
 */

const openMs = 2_000;
const noInputs = { contactInput: null, exitInput: null, fireInput: null };
const onRelays = { kind: 'modbus', unit: 1, flashOn: true, untimedRelay: false } as const;
/** How the simulated board is wired: the strike, the call button, and from there a relay for each floor from 1 on. */
const relay = { strike: 0, call: 1, floor: (floor: number) => floor + 1 } as const;

const folder = mkdtempSync(join(tmpdir(), 'gatecast-relays-'));
let world: World;
let gate: RelayBoard;
let lift: RelayBoard;

beforeAll(async () => {
  gate = await new RelayBoard(join(folder, 'gate')).start();
  lift = await new RelayBoard(join(folder, 'lift')).start();
  world = await World.open({ house: false, relayLink: gate.link });
});
afterAll(async () => {
  await world?.close();
  await gate?.stop();
  await lift?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const show = (id: string) => world.manager('GET /v1/terminals/:id', { params: { id } });

async function configured(id: string): Promise<void> {
  await waitUntil('the wiring to be in force and the hardware to answer', async () => {
    const { documents, doorOnline } = await show(id);
    return documents.config.state === 'applied' && doorOnline;
  });
}

it('a lock on a relay board opens for the code that is typed at the reader, and the board times the pulse', async () => {
  const params = { id: world.terminalId };
  const hardware = { ...onRelays, lockRelay: relay.strike, contactInput: 0, exitInput: 1, fireInput: 2 };
  await world.manager('PATCH /v1/terminals/:id/config', { params, body: { openMs, hardware } });
  await configured(world.terminalId);
  await world.type(world.keys);
  await waitUntil('the strike to be released', async () => (await gate.state()).lock === 'released');
  await waitUntil('the board to end the pulse', async () => (await gate.state()).lock === 'secured');
  expect(Math.round(((await gate.state()).lastPulseMs ?? 0) / 100)).toBe(openMs / 100);
  expect((await world.doorState()).opens).toBe(0);
});

it('exit button and fire line work past the terminal, and it knows of both', async () => {
  expect(await gate.act('exit')).toBe(200);
  expect((await gate.state()).lock).toBe('released');
  expect(await gate.act('fire', { active: true })).toBe(200);
  const kinds = async () => {
    const query = { terminalId: world.terminalId, limit: 10 };
    return (await world.manager('GET /v1/access-events', { query })).items.map(({ kind }) => kind);
  };
  await waitUntil('both to be in the log', async () => {
    const told = await kinds();
    return told.includes('exit') && told.includes('fire');
  });
  expect((await gate.state()).lock).toBe('released');
  expect(await gate.act('fire', { active: false })).toBe(200);
});

it('a lift comes when a resident types, and lets them ride to their own floor and to no other', async () => {
  const communityId = world.founded.community;
  const entrance = await world.operator('POST /v1/communities/:id/entrances', {
    params: { id: communityId },
    body: { name: '3 幢电梯', placement: 'lift' },
  });
  const { id, claimCode } = await world.manager('POST /v1/terminals', {
    body: { communityId, entranceId: entrance.id, name: '电梯屏' },
  });
  const { doorUrl } = await world.neighbourhood.addDoorway(claimCode, '电梯', lift.link);
  await pairReaders(world.manager, id);
  const floors = Array.from({ length: 14 }, (_, index) => ({ floor: index + 1, relay: relay.floor(index + 1) }));
  await world.manager('PATCH /v1/terminals/:id/config', {
    params: { id },
    body: {
      hardware: { ...onRelays, lockRelay: relay.call, ...noInputs },
      lift: { floors, releaseMs: 10_000 },
    },
  });
  await configured(id);
  await waitUntil('the residents’ codes', async () => (await show(id)).documents.access.state === 'applied');
  expect(await lift.act('press', { floor: 12 })).toBe(409);

  // The first resident lives in 1203: on the twelfth floor.
  const typed = await fetch(`${doorUrl}/keypad`, { method: 'POST', body: JSON.stringify({ digits: world.keys }) });
  expect(typed.ok).toBe(true);
  await waitUntil(
    'the button of the twelfth floor to work',
    async () => (await lift.act('press', { floor: 12 })) === 200,
  );
  expect((await lift.state()).lift.calls).toBe(1);
  expect(await lift.act('press', { floor: 8 })).toBe(409);
  await waitUntil('the ride to the twelfth floor', async () => (await lift.state()).lift.at === 12, {
    withinMs: 20_000,
  });
});
