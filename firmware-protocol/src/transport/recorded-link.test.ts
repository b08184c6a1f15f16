import { expect, test } from 'vitest';
import { hex } from '../osdp/frame/hex.fixture.ts';
import { toHex } from '../osdp/frame/hex.ts';
import { readCaptureLine } from '../osdp/trace/osdpcap.ts';
import { instant, manualClock, milliseconds } from '../units/time.ts';
import { memoryLinkPair } from './memory.ts';
import { recordedLink } from './recorded-link.ts';

const poll = 'FF53000800066089CC';
const ack = '538008000540689F';

function recordedPair() {
  const [near, far] = memoryLinkPair();
  const clock = manualClock(instant(1_700_000_000_000));
  const lines: string[] = [];
  const link = recordedLink(near, (line) => lines.push(line), clock);
  const records = () => lines.map(readCaptureLine).map((record) => record && `${record.origin} ${toHex(record.bytes)}`);
  return { link, far, clock, lines, records };
}

function nextData(link: { onData: (listener: (bytes: Uint8Array) => void) => void }): Promise<string> {
  return new Promise((resolve) => link.onData((bytes) => resolve(toHex(bytes))));
}

test('both directions pass unchanged, and each message is a line with its time', async () => {
  const { link, far, records, lines } = recordedPair();
  const [asked, answered] = [nextData(far), nextData(link)];
  link.write(hex(poll));
  expect(await asked).toBe(poll);
  far.write(hex(ack));
  expect(await answered).toBe(ack);
  expect(records()).toEqual([`output ${poll.slice(2)}`, `input ${ack}`]);
  expect(readCaptureLine(lines[0] ?? '')?.at).toBe(1_700_000_000_000);
});

test('a reply that comes in pieces is one line', async () => {
  const { link, far, records } = recordedPair();
  const pieces: string[] = [];
  const whole = new Promise<void>((resolve) => {
    link.onData((bytes) => pieces.push(toHex(bytes)) === 2 && resolve());
  });
  far.write(hex(ack.slice(0, 6)));
  far.write(hex(ack.slice(6)));
  await whole;
  expect(records()).toEqual([`input ${ack}`]);
});

test('what somebody typed is not in the record, but the panel hears it', async () => {
  const { link, far, lines } = recordedPair();
  const heard = nextData(link);
  // KEYPAD from reader 0: four digits.
  far.write(hex('53800E00055300043034373184A6'));
  expect(await heard).toContain('30343731');
  expect(lines).toHaveLength(1);
  expect(lines.join('')).not.toContain('30-34-37-31');
});

test('half a message is told when the line goes on after a pause, and when it closes', async () => {
  const { link, clock, records } = recordedPair();
  link.write(hex('53000800'));
  clock.advance(milliseconds(200));
  link.write(hex(poll));
  link.write(hex('5300'));
  const closed = new Promise((resolve) => link.onClose(resolve));
  link.close();
  await closed;
  expect(records()).toEqual(['output 00000000', `output ${poll.slice(2)}`, 'output 0000']);
});
