import { instant } from '@gatecast/firmware-protocol';
import type { PostedNotice } from '@gatecast/firmware-protocol/messages';
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
