import { instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { unsoldZones } from './unsold-zones.ts';

it('communities whose clocks are a quarter of an hour off the half-hour are told apart, and no others', () => {
  const zones = ['Asia/Shanghai', 'Asia/Kathmandu', 'Asia/Kolkata', 'Pacific/Chatham', 'Asia/Kathmandu'];
  const now = instant(Date.parse('2026-11-23T00:00:00Z'));
  expect([
    ...unsoldZones(
      zones.map((zone) => ({ zone })),
      now,
    ),
  ]).toEqual(['Asia/Kathmandu', 'Pacific/Chatham']);
});
