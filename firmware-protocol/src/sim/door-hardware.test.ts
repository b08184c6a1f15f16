import { describe, expect, test } from 'vitest';
import type { Command } from '../osdp/messages/commands.ts';
import { WirePanel } from '../osdp/pd/wire-panel.fixture.ts';
import { DoorHardware } from './door-hardware.ts';

const poll: Command = { kind: 'poll' };
const pulse = (durationMs: number): Command => ({
  kind: 'out',
  outputs: [{ output: 0, action: 'pulseOn', durationMs }],
});

function newDoor(options: { exitReaderAddress?: number; autoWalk?: boolean } = {}) {
  const door = new DoorHardware({ name: 'Gate', autoWalk: false, onChange: () => {}, ...options });
  return { door, panel: new WirePanel(door) };
}

/** Whatever the board has to tell. */
function fetch(panel: WirePanel): unknown[] {
  const told: unknown[] = [];
  for (let reply = panel.ask(poll); reply?.kind !== 'ack'; reply = panel.ask(poll)) {
    told.push(reply);
  }
  return told;
}

test('a pulse that is renewed before it ends is one opening; one that is renewed too late is two', () => {
  const { door, panel } = newDoor();
  for (const atMs of [0, 400, 800]) {
    panel.nowMs = atMs;
    expect(panel.ask(pulse(500))).toEqual({ kind: 'ack' });
  }
  door.advance(1_299);
  expect(door.state(1_299)).toMatchObject({ lock: 'released', opens: 1 });
  door.advance(1_300);
  expect(door.state(1_300)).toMatchObject({ lock: 'secured', opens: 1, lastPulseMs: 1_300 });
  panel.nowMs = 1_301;
  panel.ask(pulse(500));
  expect(door.state(1_301)).toMatchObject({ lock: 'released', opens: 2 });
});

test('somebody walks through after a release, and the contact tells it', () => {
  const { door, panel } = newDoor({ autoWalk: true });
  panel.ask(pulse(3_000));
  door.advance(600);
  expect(door.state(600)).toMatchObject({ contact: 'open' });
  door.advance(3_100);
  expect(door.state(3_100)).toMatchObject({ contact: 'closed', lock: 'secured' });
});

test('a contact that bounces is told flip by flip and ends as it was', () => {
  const { door, panel } = newDoor();
  panel.ask(poll);
  door.setContact(true);
  door.bounceContact(3, 0);
  for (let dueMs = door.nextDeadlineMs(0); dueMs !== undefined; dueMs = door.nextDeadlineMs(dueMs)) {
    door.advance(dueMs);
  }
  const contacts = fetch(panel).map((reply) => (reply as { inputs?: string[] }).inputs?.[0]);
  expect(contacts).toEqual(['active', 'inactive', 'active', 'inactive', 'active', 'inactive', 'active']);
  expect(door.state(100).contact).toBe('open');
});

test('an opened housing and failing mains are told to the panel and shown', () => {
  const { door, panel } = newDoor();
  door.setTamper(true);
  door.setPower(true);
  expect(fetch(panel).at(-1)).toEqual({ kind: 'lstatr', tampered: true, powerFailed: true });
  expect(door.state(0)).toMatchObject({ tamper: true, powerFailed: true });
});

test('a power cut drops the relay and forgets keys, but the wires stay as they are', () => {
  const { door, panel } = newDoor();
  panel.ask(pulse(9_000));
  door.setTamper(true);
  door.readerOn('entry')?.typeKeys('12', 0);
  door.reset(100);
  expect(door.state(100)).toMatchObject({ lock: 'secured', tamper: true, keysTyped: 0, linkOnline: false });
});

describe('a reader inside', () => {
  test('is a device of its own', () => {
    const { door } = newDoor({ exitReaderAddress: 1 });
    expect(door.exitReader?.address).toBe(1);
    door.readerOn('exit')?.typeKeys('12', 0);
    expect(door.state(0)).toMatchObject({ keysTyped: 0, exitReader: { keysTyped: 2, secure: 'plain' } });
  });

  test('is not there unless it was mounted', () => {
    const { door } = newDoor();
    expect(door.readerOn('exit')).toBeUndefined();
    expect(door.state(0).exitReader).toBeNull();
  });
});
