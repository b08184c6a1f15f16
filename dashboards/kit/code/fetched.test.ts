import { expect, it } from 'vitest';
import { createFetched } from './fetched.ts';

/** A network that fails as often as it is told to, and counts who asks. */
function network(failures: number) {
  let asked = 0;
  const fetchCode = async (): Promise<string> => {
    asked += 1;
    if (asked <= failures) throw new TypeError('Failed to fetch dynamically imported module');
    return 'page';
  };
  return { fetchCode, asked: () => asked };
}

it('fetches nothing before it is wanted, and once however often it is wanted', async () => {
  const { fetchCode, asked } = network(0);
  const page = createFetched(fetchCode);
  expect(asked()).toBe(0);
  await Promise.all([page.want(), page.want()]);
  await page.want();
  expect(page.state()).toEqual({ value: 'page' });
  expect(asked()).toBe(1);
});

it('tells of a failure, keeps telling it while it is tried again, and shows the page when it has come', async () => {
  const page = createFetched(network(2).fetchCode);
  const told: unknown[] = [];
  page.subscribe(() => told.push(page.state()));
  await page.want();
  const again = page.want();
  expect(page.state()).toBe('missing');
  await again;
  await page.want();
  expect(told).toEqual(['missing', 'missing', { value: 'page' }]);
});

it('tells nobody who has left', async () => {
  const page = createFetched(network(0).fetchCode);
  let told = 0;
  page.subscribe(() => (told += 1))();
  await page.want();
  expect(told).toBe(0);
});
