import { instant } from '@gatecast/firmware-protocol';
import { terminalConfig, type PostedNotice } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { entrance } from './plan.fixture.ts';
import { gateConfig } from './player.fixture.ts';
import { surroundings } from './screen-state.ts';

const at = instant(1_790_000_000_000);
const config = gateConfig();

const notice = (change: Partial<PostedNotice>): PostedNotice => ({
  id: 'note_1',
  level: 'announcement',
  title: '停水',
  text: '今晚十点到六点',
  entrances: null,
  from: instant(at - 1_000),
  to: instant(at + 1_000),
  ...change,
});
const shown = (...notices: PostedNotice[]) => surroundings(config, notices, at).notices.map(({ title }) => title);

describe('notices on the screen', () => {
  it('stand there from their first moment until before their last', () => {
    const window = notice({});
    expect(shown({ ...window, from: at })).toEqual(['停水']);
    expect(shown({ ...window, to: at })).toEqual([]);
  });

  it('are those of its own entrances', () => {
    expect(shown(notice({ entrances: [entrance] }))).toEqual(['停水']);
    expect(shown(notice({ entrances: ['entr_00000000000000000000'] }))).toEqual([]);
  });

  it('begin with emergencies, then with what was put up last, and are three at most', () => {
    const old = notice({ title: '旧', from: instant(at - 9_000) });
    const fresh = notice({ title: '新' });
    const fire = notice({ title: '火警', level: 'emergency', from: instant(at - 20_000) });
    expect(shown(old, fresh, fire, { ...old, title: '更旧', from: instant(at - 10_000) })).toEqual([
      '火警',
      '新',
      '旧',
    ]);
  });
});

describe('the screen at night', () => {
  const evening = instant(Date.parse('2026-11-22T22:00:00+08:00'));
  const noon = instant(Date.parse('2026-11-22T12:00:00+08:00'));
  const screen = { ...config.screen, brightnessPercent: 80, dimPercent: 30 };
  const look = (time: typeof at, change: Partial<typeof screen> = {}) =>
    surroundings(gateConfig({ screen: { ...screen, ...change } }), [], time);

  it('is silent and dimmed in the quiet hours, and only in them', () => {
    expect(look(noon)).toMatchObject({ muted: false, isQuiet: false, brightnessPercent: 80 });
    expect(look(evening)).toMatchObject({ muted: true, isQuiet: true, brightnessPercent: 30 });
  });

  it('is never brighter than by day', () => {
    expect(look(evening, { dimPercent: 100 }).brightnessPercent).toBe(80);
  });

  it('still lets the door be heard, softly', () => {
    const [day, night] = [look(noon).feedbackPercent, look(evening).feedbackPercent];
    expect(night).toBeGreaterThan(0);
    expect(night).toBeLessThan(day / 2);
  });

  it('is silent by day too until the moment that somebody chose, and the door soft', () => {
    const mutedUntil = instant(noon + 60_000);
    const muted = look(noon, { mutedUntil });
    expect(muted).toMatchObject({ muted: true, isQuiet: false, brightnessPercent: 80 });
    expect(muted.feedbackPercent).toBe(look(evening).feedbackPercent);
    expect(look(mutedUntil, { mutedUntil }).muted).toBe(false);
  });

  it('has no sound to give where nobody has configured it', () => {
    expect(surroundings(undefined, [], noon)).toMatchObject({ muted: true, officePhone: null });
  });
});

describe('a config from before the screen had a brightness, a mute and an office', () => {
  const { quiet, volumePercent } = config.screen;
  const { media: _media, ...old } = { ...config, screen: { quiet, volumePercent } };
  const read = terminalConfig.parse(old);

  it('keeps the terminal’s volume and quiet hours; what is new is as it was without it', () => {
    const noon = instant(Date.parse('2026-11-22T12:00:00+08:00'));
    const night = instant(Date.parse('2026-11-22T23:00:00+08:00'));
    expect(surroundings(read, [], noon)).toMatchObject({
      muted: false,
      volumePercent: 60,
      isQuiet: false,
      brightnessPercent: 100,
      officePhone: null,
    });
    expect(surroundings(read, [], night)).toMatchObject({ muted: true, isQuiet: true, brightnessPercent: 60 });
  });
});
