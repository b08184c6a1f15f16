import { describe, expect, it } from 'vitest';
import { allocate } from './allocation.ts';
import { makeMarket } from './market.fixture.ts';
import { layFlow } from './repair.ts';
import { shaleDuals } from './shale.ts';

const sold = () => {
  const { inventory, demands } = makeMarket({ communities: 30 });
  const allocation = allocate(inventory, demands);
  const { network } = allocation;
  const amounts = allocation.roots().map((root) => network.nodeFlow[root] ?? 0);
  const laid = () => allocation.roots().map((root) => network.nodeFlow[root] ?? 0);
  return { allocation, network, amounts, laid };
};
const sum = (each: readonly number[]) => each.reduce((a, b) => a + b, 0);

describe('the flow that prices say', () => {
  it('is what was sold but for a twentieth after ten rounds, and closer after more', () => {
    const { allocation, network, amounts, laid } = sold();
    const missing = [3, 10, 40].map((rounds) => {
      const duals = shaleDuals(network, allocation.groups(), allocation.roots(), rounds);
      const kept = network.nodeFlow.slice();
      layFlow(network, allocation.groups(), duals);
      const part = 1 - sum(laid()) / sum(amounts);
      network.nodeFlow.set(kept);
      return part;
    });
    expect(missing[1]).toBeLessThan(0.05);
    expect(missing).toEqual(missing.toSorted((a, b) => b - a));
  });

  it('gives nobody more than they asked for and no group more than it has, whatever the prices', () => {
    const { allocation, network, amounts, laid } = sold();
    const duals = shaleDuals(network, allocation.groups(), allocation.roots(), 2);
    duals.ofNode.fill(1_000);
    layFlow(network, allocation.groups(), duals);
    laid().forEach((flow, n) => expect(flow).toBeLessThanOrEqual(amounts[n] ?? 0));
    for (const group of allocation.groups())
      expect(network.groupUsed[group]).toBeLessThanOrEqual(network.groupSupply[group] ?? 0);
  });
});
