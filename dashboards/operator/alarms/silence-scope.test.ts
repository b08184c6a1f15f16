import { expect, it } from 'vitest';
import { scopeOf, scopesOf } from './silence-scope.ts';

const hot = { kind: 'too-hot', terminalId: 'term_1', communityId: 'comm_1' } as const;

it('a silence is for the kind here, for the place, or for the kind everywhere', () => {
  expect(scopeOf(hot, 'here')).toEqual({ kind: 'too-hot', terminalId: 'term_1', communityId: null });
  expect(scopeOf(hot, 'place')).toEqual({ kind: null, terminalId: 'term_1', communityId: null });
  expect(scopeOf(hot, 'kind')).toEqual({ kind: 'too-hot', terminalId: null, communityId: null });
  expect(scopeOf({ ...hot, terminalId: null }, 'place')).toEqual({
    kind: null,
    terminalId: null,
    communityId: 'comm_1',
  });
});

it('what is nowhere is silenced by its kind alone', () => {
  expect(scopesOf({ kind: 'broker-down', terminalId: null, communityId: null })).toEqual(['kind']);
  expect(scopesOf(hot)).toHaveLength(3);
});
