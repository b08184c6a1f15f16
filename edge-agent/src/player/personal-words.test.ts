import { after, days, hours, instant, minutes } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { at } from './plan.fixture.ts';
import { documentsInMemory, gateConfig, memoryInMemory, openingAt, silentLog } from './player.fixture.ts';
import { chooseWord, createPersonalWords, stillMeant, wordsADayMax, type WordAsked } from './personal-words.ts';

const name = 'W'.repeat(22);
const now = at('18:40');
const waits = { name, kind: 'pick-up', until: after(now, days(2)) } as const;
const asked = (change: Partial<WordAsked> = {}): WordAsked => ({
  opening: { noticeName: name, event: 'opening', unbillable: null },
  personal: [waits],
  told: undefined,
  now,
  today: '2026-11-23',
  ...change,
});
const wordOf = (change: Partial<WordAsked> = {}) => chooseWord(asked(change)).kind;

describe('the word at one’s own door', () => {
  it('is for who is meant, and for nobody else', () => {
    expect(wordOf()).toBe('pick-up');
    expect(wordOf({ personal: [{ ...waits, name: 'N'.repeat(22) }] })).toBeNull();
    expect(wordOf({ personal: [] })).toBeNull();
    expect(wordOf({ opening: { noticeName: null, event: 'opening', unbillable: null } })).toBeNull();
  });

  it('ends with its time, to the millisecond, without a word of the cloud', () => {
    expect(wordOf({ personal: [{ ...waits, until: instant(now + 1) }] })).toBe('pick-up');
    expect(wordOf({ personal: [{ ...waits, until: now }] })).toBeNull();
  });

  it('is not said to a child, at a second try within seconds, to whoever leaves, or before a lift where others wait', () => {
    const opening = { noticeName: name, event: 'opening', unbillable: null } as const;
    for (const unbillable of ['child', 'repeat', 'exit-button', 'fire', 'free-passage'] as const)
      expect(wordOf({ opening: { ...opening, unbillable } })).toBeNull();
    expect(wordOf({ opening: { ...opening, event: 'lift-call' } })).toBeNull();
  });

  it(`is said ${wordsADayMax} times a day at most to one person, and again the next day`, () => {
    let told: WordAsked['told'];
    const said = (change: Partial<WordAsked> = {}) => {
      const word = chooseWord(asked({ told, ...change }));
      told = word.told;
      return word.kind;
    };
    const times = Array.from({ length: wordsADayMax + 1 }, () => said());
    expect(times).toEqual([...Array.from({ length: wordsADayMax }, () => 'pick-up'), null]);
    expect(said({ today: '2026-11-24' })).toBe('pick-up');
    expect(told?.times).toEqual({ [name]: 1 });
  });

  it('of another person is not used up by it', () => {
    const other = 'N'.repeat(22);
    const told = { date: '2026-11-23', times: { [other]: wordsADayMax } };
    const { kind, told: next } = chooseWord(asked({ personal: [waits, { ...waits, name: other }], told }));
    expect(kind).toBe('pick-up');
    expect(Object.values(next?.times ?? {})).toContain(1);
  });
});

describe('what is remembered of words', () => {
  it('goes with who is meant no more, and is left alone otherwise', () => {
    const told = { date: '2026-11-23', times: { [name]: 2 } };
    expect(stillMeant(told, [waits], '2026-11-23')).toBe(told);
    expect(stillMeant(told, [], '2026-11-23')).toBeUndefined();
  });

  it('goes with the day, which ends at the community’s midnight', () => {
    const memory = memoryInMemory();
    const documents = documentsInMemory({ config: gateConfig(), notices: { notices: [], personal: [waits] } });
    let at = now;
    const clock = { now: () => at, mono: () => minutes(1) };
    const words = createPersonalWords({ clock, log: silentLog, documents, memory });
    words.for(openingAt(clock, { noticeName: name }));
    const kept = () => memory.values.get('player-words-told');
    at = after(now, hours(5));
    words.forget();
    expect(kept()).toContain(name);
    at = after(now, hours(6));
    words.forget();
    expect(kept()).toBe('');
  });

  it('outlives a restart, so that a power cut begins no new day; what cannot be read begins anew', () => {
    const memory = memoryInMemory();
    const documents = documentsInMemory({ config: gateConfig(), notices: { notices: [], personal: [waits] } });
    const clock = { now: () => now, mono: () => minutes(1) };
    const words = () => createPersonalWords({ clock, log: silentLog, documents, memory });
    const opening = openingAt(clock, { noticeName: name });
    const said = Array.from({ length: wordsADayMax + 1 }, () => words().for(opening));
    expect(said.filter((word) => word === 'pick-up')).toHaveLength(wordsADayMax);
    memory.values.set('player-words-told', '{');
    expect(words().for(opening)).toBe('pick-up');
  });
});
