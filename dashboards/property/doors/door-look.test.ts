import type { Terminal } from '@gatecast/cloud-api/client';
import { describe, expect, it } from 'vitest';
import { modeStory } from './door-look.ts';

describe('what a page tells of a door’s mode', () => {
  const door: Terminal['doors'][number] = {
    entrance: 'entr_1',
    online: true,
    state: 'closed',
    mode: 'normal',
    readers: [],
  };
  const normal = { wanted: 'normal', override: null } as const;
  const locked = { wanted: 'lockdown', override: { mode: 'lockdown', from: 1, to: 9 } } as const;

  it('is nothing while it is normal', () => {
    expect(modeStory({ online: true, doors: [door], mode: normal })).toBeNull();
    expect(modeStory({ online: false, doors: [{ ...door, mode: 'lockdown' }], mode: normal })).toBeNull();
  });

  it('is whether a lockdown holds, is on its way, or waits for the terminal', () => {
    const story = (online: boolean, mode: 'normal' | 'lockdown') =>
      modeStory({ online, doors: [{ ...door, mode }], mode: locked })?.way;
    expect(story(true, 'lockdown')).toBe('in-force');
    expect(story(true, 'normal')).toBe('on-its-way');
    expect(story(false, 'lockdown')).toBe('when-back');
    expect(modeStory({ online: true, doors: [{ ...door, mode: 'lockdown' }], mode: normal })).toMatchObject({
      mode: 'normal',
      way: 'on-its-way',
    });
  });

  it('says until when, or that the weekly schedule wants it so', () => {
    expect(modeStory({ online: true, doors: [], mode: locked })).toMatchObject({ until: 9, bySchedule: false });
    const scheduled = { wanted: 'free-passage', override: null } as const;
    expect(modeStory({ online: true, doors: [], mode: scheduled })).toMatchObject({ until: null, bySchedule: true });
  });
});
