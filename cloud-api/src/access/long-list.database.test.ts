import { newId } from '@gatecast/firmware-protocol';
import { accessList } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import {
  keyFolder,
  listWorld,
  newCredential,
  newPlace,
  taken,
  told,
  type KeyFolder,
  type ListWorld,
} from './list-world.fixture.ts';

const credentials = 20_000;
const listBytesMax = 10_000_000;
/** DESIGN: what is revoked is told to a terminal within five seconds; the terminal's own part is tested where it is. */
const revocationMsMax = 5_000;

describeStores(`a list of ${credentials} credentials`, (its) => {
  let folder: KeyFolder;
  let world: ListWorld;
  beforeAll(async () => {
    folder = keyFolder();
    world = listWorld(its.store, folder);
    await world.platform.start();
    await world.lists.start();
  });
  afterAll(async () => {
    await world.lists.stop();
    await world.platform.stop();
    folder.remove();
  });

  it('is below ten megabytes, and one that is revoked costs two kilobytes and a head, soon', async () => {
    const { communityId, terminals } = await newPlace(world, 3);
    const kinds = ['unit-pin', 'card', 'phone', 'code'] as const;
    const rows = Array.from({ length: credentials }, (_, n) => {
      const kind = kinds[n % kinds.length] ?? 'code';
      const person = kind === 'code' ? 'visitor' : 'resident';
      return newCredential(communityId, { kind, person, unit: String(1_000 + (n % 3_000)), keyOdd: n % 2 === 0 });
    });
    for (let start = 0; start < rows.length; start += 1_000) {
      const page = rows.slice(start, start + 1_000);
      await world.store.tx(async (q) => {
        await q.insertMany(q.t.credentials, page);
        await world.lists.publish(
          q,
          communityId,
          page.map(({ id }) => id),
        );
      });
    }
    await world.lists.settled();
    const gate = terminals[0]?.id ?? newId('terminal');
    const first = await told(world, gate);
    const before = taken(first.answer);
    expect(accessList.parse(before?.body).credentials).toHaveLength(credentials);
    expect(first.text.length).toBeLessThan(listBytesMax);

    const revoked = rows[7_777]?.id ?? '';
    const startedAt = performance.now();
    await world.store.tx(async (q) => {
      await q.update(q.t.credentials).set({ revokedAt: world.clock.now() }).where(eq(q.t.credentials.id, revoked));
      await world.lists.publish(q, communityId, [revoked]);
    });
    await world.lists.settled();
    const tookMs = performance.now() - startedAt;
    const { answer, text } = await told(world, gate, before?.version);
    expect('delta' in answer && answer.delta.remove).toEqual([revoked]);
    expect(text.length).toBeLessThan(4_096);
    expect(taken(answer, before)?.body.deny).toEqual([revoked]);
    expect(tookMs).toBeLessThan(revocationMsMax);
  });
});
