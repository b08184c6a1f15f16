import { describe, expect, it } from 'vitest';
import { pendingMigration } from './generate.ts';

describe('the committed migrations', () => {
  it.each(['sqlite', 'postgres'] as const)('describe the tables of the code on %s', async (dialect) => {
    expect((await pendingMigration(dialect)).statements).toEqual([]);
  });
});
