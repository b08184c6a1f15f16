import type { Terminal } from '@gatecast/cloud-api/client';
import { describe, expect, it } from 'vitest';
import { alarmsAbove, alarmsBeside, modeStory } from './door-look.ts';

describe('what a page tells of a door’s mode', () => {
  const door: Terminal['doors'][number] = {
    entrance: 'entr_1',
    online: true,
    state: 'closed',
    mode: 'normal',
    readers: [],
  };
  const normal = { wanted: 'normal', override: null } as const;
  const documentsOf = (state: 'applied' | 'pending' | 'failed') => {
    const document = { desired: 2, applied: 2, state, reason: null, appliedAt: 1 };
    return { config: document, access: document, plan: document, media: document, notices: document };
  };
  const documents = documentsOf('pending');
  const locked = { wanted: 'lockdown', override: { mode: 'lockdown', from: 1, to: 9 } } as const;

  it('is nothing while it is normal', () => {
    expect(modeStory({ online: true, doors: [door], mode: normal, documents })).toBeNull();
    expect(modeStory({ online: false, doors: [{ ...door, mode: 'lockdown' }], mode: normal, documents })).toBeNull();
  });

  it('is whether a lockdown holds, is on its way, or waits for the terminal', () => {
    const story = (online: boolean, mode: 'normal' | 'lockdown') =>
      modeStory({ online, doors: [{ ...door, mode }], mode: locked, documents })?.way;
    expect(story(true, 'lockdown')).toBe('in-force');
    expect(story(true, 'normal')).toBe('on-its-way');
    expect(story(false, 'lockdown')).toBe('when-back');
    const gone = { online: false, doors: [door], mode: locked, documents: documentsOf('applied') };
    expect(modeStory(gone)?.way).toBe('in-force');
    expect(modeStory({ online: true, doors: [{ ...door, mode: 'lockdown' }], mode: normal, documents })).toMatchObject({
      mode: 'normal',
      way: 'on-its-way',
    });
  });

  it('is told too while somebody has paused the weekly schedule', () => {
    const paused = { wanted: 'normal', override: { mode: 'normal', from: 1, to: 9 } } as const;
    expect(modeStory({ online: true, doors: [door], mode: paused, documents })).toEqual({
      mode: 'normal',
      way: 'in-force',
      until: 9,
      bySchedule: false,
    });
  });

  it('is on its way only while the settings are; a terminal that has them waits, or has not taken them', () => {
    const wayWith = (state: 'applied' | 'failed') =>
      modeStory({ online: true, doors: [door], mode: locked, documents: documentsOf(state) })?.way;
    expect(wayWith('applied')).toBe('waiting');
    expect(wayWith('failed')).toBe('refused');
  });

  it('says until when, or that the weekly schedule wants it so', () => {
    expect(modeStory({ online: true, doors: [], mode: locked, documents })).toMatchObject({
      until: 9,
      bySchedule: false,
    });
    const scheduled = { wanted: 'free-passage', override: null } as const;
    expect(modeStory({ online: true, doors: [], mode: scheduled, documents })).toMatchObject({
      until: null,
      bySchedule: true,
    });
  });
});

it('an alarm that the door’s state tells is not told twice', () => {
  const alarm = (kind: Terminal['alarms'][number]['kind']) => ({ kind, since: 1, entranceId: 'entr_1' });
  const [forced, tamper] = [alarm('forced'), alarm('tamper')];
  expect(alarmsBeside('forced', [forced, tamper])).toEqual({ told: forced, others: [tamper] });
  expect(alarmsBeside('closed', [forced])).toEqual({ told: undefined, others: [forced] });
  expect(alarmsBeside(undefined, [forced])).toEqual({ told: undefined, others: [forced] });
});

it('every door at which something is raised has its place on top of the pages, the newest first', () => {
  const at = (id: string, ...since: number[]) => ({
    id,
    alarms: since.map((each) => ({ kind: 'tamper' as const, since: each, entranceId: id })),
  });
  const { count, newest, elsewhere } = alarmsAbove([at('a', 1, 5), at('b', 3), at('c', 9, 2)]);
  expect(count).toBe(5);
  expect(newest).toMatchObject({ terminal: { id: 'c' }, alarm: { since: 9 } });
  expect(elsewhere.map(({ terminal, alarm }) => [terminal.id, alarm.since])).toEqual([
    ['a', 5],
    ['b', 3],
  ]);
  expect(alarmsAbove([])).toEqual({ count: 0, newest: undefined, elsewhere: [] });
});
