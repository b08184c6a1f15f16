import { instant, newId } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { noticeState, postedAt, readsNotices, type StoredNotice } from './rules.ts';

const gate = newId('entrance');
const notice = (change: Partial<StoredNotice> = {}): StoredNotice => ({
  id: newId('notice'),
  level: 'announcement',
  title: 'Water',
  text: 'No water from 9 to 11',
  entranceIds: null,
  from: instant(100),
  to: instant(200),
  endedAt: null,
  ...change,
});

describe('a notice', () => {
  it('is scheduled, shows and is over by its half-open window, or as soon as somebody ends it', () => {
    const at = (now: number, change: Partial<StoredNotice> = {}) => noticeState(notice(change), instant(now));
    expect([at(99), at(100), at(199), at(200)]).toEqual(['scheduled', 'showing', 'showing', 'over']);
    expect(at(150, { endedAt: instant(140) })).toBe('over');
  });

  it('is told to the screens of the entrances that it is for', () => {
    const titles = (...notices: StoredNotice[]) => postedAt(gate, notices).map(({ title }) => title);
    expect(titles(notice({ title: 'here', entranceIds: [gate] }), notice({ title: 'everywhere' })).sort()).toEqual([
      'everywhere',
      'here',
    ]);
    expect(titles(notice({ entranceIds: [newId('entrance')] }))).toEqual([]);
  });

  it('comes as a document to terminals that know the kind, and with the plan to the others', () => {
    expect([1, 3, 4, 5].map((protocol) => readsNotices({ protocol }))).toEqual([false, false, true, true]);
  });

  it('comes after every emergency, and the earlier before the later', () => {
    const [late, early] = [notice({ title: 'late', from: instant(120) }), notice({ title: 'early' })];
    const emergency = notice({ title: 'gas', level: 'emergency', from: instant(140) });
    const posted = postedAt(gate, [late, early, emergency]);
    expect(posted.map(({ title }) => title)).toEqual(['gas', 'early', 'late']);
  });
});
