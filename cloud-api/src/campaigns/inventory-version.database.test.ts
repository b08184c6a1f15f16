import { expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { claimInventory, inventoryVersion, releaseInventory } from './inventory-version.ts';

describeStores('the state of the inventory', (its) => {
  it('is taken by one of those who saw it, whoever else tries at the same moment', async () => {
    const seen = await inventoryVersion(its.store.read);
    const claims = await Promise.all(Array.from({ length: 12 }, () => its.store.tx((q) => claimInventory(q, seen))));
    expect(claims.filter((version) => version !== null)).toEqual([seen + 1]);
    expect(await inventoryVersion(its.store.read)).toBe(seen + 1);
  });

  it('is another one after something was given back', async () => {
    const seen = await inventoryVersion(its.store.read);
    expect(await its.store.tx(releaseInventory)).toBe(seen + 1);
    expect(await its.store.tx((q) => claimInventory(q, seen))).toBeNull();
  });

  it('is as it was when the sale comes to nothing', async () => {
    const seen = await inventoryVersion(its.store.read);
    const sale = its.store.tx(async (q) => {
      await claimInventory(q, seen);
      throw new Error('the rest of the sale failed');
    });
    await expect(sale).rejects.toThrow('the rest of the sale failed');
    expect(await inventoryVersion(its.store.read)).toBe(seen);
  });
});
