import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSound } from './sound.ts';

beforeEach(() => vi.stubGlobal('addEventListener', () => undefined));
afterEach(() => vi.unstubAllGlobals());

const video = (state: { paused: boolean; ended: boolean }) => {
  const play = vi.fn(() => Promise.resolve());
  return { ...state, muted: true, volume: 0, play } as unknown as HTMLVideoElement & { play: typeof play };
};
const loud = () => {
  const sound = createSound();
  sound.set(false, 40);
  return sound;
};

describe('the sound of the clip in front', () => {
  it('is as loud as the terminal says', () => {
    const front = video({ paused: false, ended: false });
    expect(loud().giveTo(front)).toBe(true);
    expect(front).toMatchObject({ muted: false, volume: 0.4 });
  });

  it('does not begin a clip anew that has come to its end and waits for the next', () => {
    const sound = loud();
    const over = video({ paused: true, ended: true });
    sound.giveTo(over);
    expect(over.play).not.toHaveBeenCalled();
    const next = video({ paused: false, ended: false });
    expect(sound.giveTo(next)).toBe(true);
    expect(next.muted).toBe(false);
  });

  it('is left away for good where the browser stops a clip for it, which then goes on in silence', () => {
    const sound = loud();
    const stopped = video({ paused: true, ended: false });
    expect(sound.giveTo(stopped)).toBe(false);
    expect(stopped.play).toHaveBeenCalledOnce();
    expect(sound.giveTo(video({ paused: false, ended: false }))).toBe(false);
  });
});
