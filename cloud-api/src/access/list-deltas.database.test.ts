import { instant, minutes, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
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
  type ListInForce,
  type ListWorld,
  type Place,
} from './list-world.fixture.ts';

const historiesTried = 6;

/** What may happen to a community's rights. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('grant'), at: fc.constantFrom<number | null>(null, 0, 1), many: fc.nat(4) }),
  fc.record({ kind: fc.constant('revoke'), which: fc.nat() }),
  fc.record({ kind: fc.constant('lend'), forMinutes: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('move'), which: fc.nat(), at: fc.constantFrom<number | null>(null, 0, 1) }),
  fc.record({ kind: fc.constant('wait'), forMinutes: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('schedule'), which: fc.nat() }),
  fc.record({ kind: fc.constant('roll') }),
  fc.record({ kind: fc.constant('follow'), from: fc.nat() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describeStores('a terminal that follows by differences', (its) => {
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

  it('has the list that was signed, whatever happened and from whichever version it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const place = await newPlace(world, 2);
        await world.lists.settled();
        const history = new History(world, place);
        for (const one of [...steps, { kind: 'follow', from: 0 } as const]) await history.take(one);
      }),
      { numRuns: historiesTried },
    );
  });
});

class History {
  readonly #world: ListWorld;
  readonly #place: Place;
  readonly #granted: string[] = [];
  /** Everything that each terminal ever had in force. */
  readonly #known: ListInForce[][];

  constructor(world: ListWorld, place: Place) {
    this.#world = world;
    this.#place = place;
    this.#known = place.terminals.map(() => []);
  }

  async take(one: Step): Promise<void> {
    switch (one.kind) {
      case 'grant':
        for (let n = 0; n <= one.many; n += 1) await this.#grant({ entranceIds: this.#entrances(one.at) });
        return;
      case 'lend':
        return this.#grant({ to: instant(this.#world.clock.now() + minutes(one.forMinutes)) });
      case 'revoke':
        return this.#change(one.which, { revokedAt: this.#world.clock.now() });
      case 'move':
        return this.#change(one.which, { entranceIds: this.#entrances(one.at) });
      case 'schedule':
        return this.#change(one.which, { scheduleId: newId('schedule') });
      case 'wait':
        this.#world.clock.advance(minutes(one.forMinutes));
        return;
      case 'roll': {
        const who = { kind: 'account', accountId: 'acct_1', sessionId: 's', scopes: null, role: 'operator' } as const;
        await this.#world.store.tx((q) => this.#world.passKeys.roll(q, who, this.#place.communityId));
        return;
      }
      case 'follow':
        return this.#follow(one.from);
    }
  }

  #entrances(at: number | null): string[] | null {
    const entrance = at === null ? undefined : this.#place.terminals[at];
    return entrance ? [entrance.entranceId] : null;
  }

  async #grant(change: Parameters<typeof newCredential>[1]): Promise<void> {
    const row = newCredential(this.#place.communityId, change);
    this.#granted.push(row.id);
    await this.#world.store.tx(async (q) => {
      await q.insert(q.t.credentials).values(row);
      await this.#world.lists.publish(q, this.#place.communityId, [row.id]);
    });
  }

  async #change(which: number, change: Parameters<typeof newCredential>[1]): Promise<void> {
    const id = this.#granted[which % Math.max(1, this.#granted.length)];
    if (id === undefined) return;
    await this.#world.store.tx(async (q) => {
      await q
        .update(q.t.credentials)
        .set({ ...change })
        .where(eq(q.t.credentials.id, id));
      await this.#world.lists.publish(q, this.#place.communityId, [id]);
    });
  }

  async #follow(from: number): Promise<void> {
    await this.#world.lists.settled();
    for (const [n, { id }] of this.#place.terminals.entries()) {
      const known = this.#known[n] ?? [];
      const inForce = known[from % Math.max(1, known.length)];
      const whole = taken((await told(this.#world, id)).answer);
      const followed = taken((await told(this.#world, id, inForce?.version)).answer, inForce);
      expect(followed).toBeDefined();
      expect(followed).toEqual(whole);
      if (followed) known.push(followed);
    }
  }
}
