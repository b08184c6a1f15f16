import { expect, it } from 'vitest';
import { createLeadTime } from './lead-time.ts';

it('a clip is started six frames early, and as early as this browser needs once that is known', () => {
  const lead = createLeadTime();
  expect(lead.ms).toBe(240);
  lead.took(250);
  expect(lead.ms).toBe(290);
  for (const ms of [200, 210, 220, 230, 240, 260, 270]) lead.took(ms);
  expect(lead.ms).toBe(290);
});

it('one slow start does not cut every clip short', () => {
  const lead = createLeadTime();
  for (const ms of [60, 61, 62, 63, 64, 65, 66, 900]) lead.took(ms);
  expect(lead.ms).toBe(105);
});

it('never cuts off more than six tenths of a second', () => {
  const lead = createLeadTime();
  lead.took(5_000);
  expect(lead.ms).toBe(600);
});
