import { expect, test } from 'vitest';
import { capabilitiesOf } from './device-description.ts';
import { BOARD } from './wire-panel.fixture.ts';

const lines = (description: Parameters<typeof capabilitiesOf>[0]): string[] =>
  capabilitiesOf(description).map(({ functionCode, compliance, count }) => `${functionCode} ${compliance} ${count}`);

test('PDCAP has a line for each function of annex B, as level and number', () => {
  expect(lines({ ...BOARD, inputs: 3, outputs: 2, readers: 1, receiveBytes: 1440 })).toEqual([
    // Inputs that are supervised, outputs that are timed by the device.
    '1 2 3',
    '2 2 2',
    '3 1 0',
    '4 4 1',
    '5 2 1',
    '6 1 1',
    '7 0 0',
    // CRC; no secure channel.
    '8 1 0',
    '9 0 0',
    // 1,440 bytes: low byte, high byte.
    '10 160 5',
    '11 160 5',
    '12 0 0',
    '13 0 1',
    '14 0 0',
    '15 0 0',
    // SIA 2.2.
    '16 2 0',
  ]);
});

test('a board without inputs and outputs says that it has none', () => {
  expect(lines({ ...BOARD, inputs: 0, outputs: 0 }).slice(0, 2)).toEqual(['1 0 0', '2 0 0']);
});
