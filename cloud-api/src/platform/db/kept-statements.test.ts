import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { keepStatements } from './kept-statements.ts';

it('compiles a text once, and hands it out as new', () => {
  const kept = keepStatements(new Database(':memory:'));
  kept.exec('create table t (n integer)');
  kept.prepare('insert into t values (?)').run(5);
  const first = kept.prepare('select n from t');
  expect(first.raw().all()).toEqual([[5]]);
  const again = kept.prepare('select n from t');
  expect(again).toBe(first);
  expect(again.all()).toEqual([{ n: 5 }]);
  kept.exec('alter table t add column m integer default 7');
  expect(kept.prepare('select * from t').all()).toEqual([{ n: 5, m: 7 }]);
  for (let n = 0; n < 1_200; n += 1) kept.prepare(`select ${n}`);
  expect(kept.prepare('select n from t')).not.toBe(first);
  kept.close();
});
