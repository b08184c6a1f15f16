import type { AccountRole } from './platform/auth.ts';
import { createBearers, type Bearers } from './rights-bearers.fixture.ts';
import type { Asker, Kind } from './rights-matrix.ts';
import {
  accountMakers,
  doorMakers,
  fleetMakers,
  handsOf,
  machineMakers,
  standingThings,
  type Cast,
} from './rights-things.fixture.ts';
import type { TestApp } from './test-app.ts';
import { approvedClip, dealOf, merchantAt, residentAt } from './test-market.ts';
import { claimedTerminal, neighbourhood, type TestTerminal } from './test-neighbourhood.ts';
import { invited } from './test-people.ts';

/** A populated neighbourhood with somebody of every role, all of whose things can be named. */
export interface Side extends Bearers {
  readonly terminal: TestTerminal;
  /** An approved clip of the merchant. */
  readonly clipId: string;
  /** The id of a thing that this asker may name; the same each time. */
  id(kind: Kind, asker: Asker): Promise<string>;
  /** The same, of a thing made for this call, where there can be more than one. */
  fresh(kind: Kind, asker: Asker): Promise<string>;
  /** Ids told so far. */
  readonly told: ReadonlyMap<string, Kind>;
  /** The token of a resident who may go. */
  goner(): Promise<string>;
}

export async function rightsSide(world: TestApp): Promise<Side> {
  const { cast, signedIn } = await people(world);
  const bearers = createBearers(world, { signedIn, terminal: cast.terminal.token });
  const hands = handsOf(world, bearers);
  const makers = {
    ...doorMakers(world, cast, hands),
    ...fleetMakers(world, cast, hands),
    ...machineMakers(world, cast),
    ...accountMakers(world, cast, bearers, hands),
  };
  const standing = await standingThings(world, cast, hands);

  const told = new Map<string, Kind>([[cast.clipId, 'clip']]);
  const kept = new Map<string, string>();
  const tell = async (kind: Kind, asker: Asker): Promise<string> => {
    const maker = makers[kind] ?? standing[kind];
    if (!maker) throw new Error(`the walk has no ${kind} to name`);
    const id = await maker(asker);
    told.set(id, kind);
    return id;
  };
  const id = async (kind: Kind, asker: Asker): Promise<string> => {
    const key = `${kind} ${asker}`;
    const known = kept.get(key) ?? (await tell(kind, asker));
    kept.set(key, known);
    return known;
  };
  return {
    ...bearers,
    terminal: cast.terminal,
    clipId: cast.clipId,
    told,
    id,
    fresh: (kind, asker) => (makers[kind] ? tell(kind, asker) : id(kind, asker)),
    goner: async () =>
      (await residentAt(world, { ...cast.here, manager: await hands.human('property') }, '赵六')).token,
  };
}

/** Somebody of every role, what they work with, and their sessions. */
async function people(world: TestApp): Promise<{ cast: Cast; signedIn: Readonly<Record<AccountRole, string>> }> {
  const here = await neighbourhood(world);
  const shop = await merchantAt(world, here);
  const resident = await residentAt(world, here, '王小明');
  const made = await world.call('POST', '/v1/suppliers', { token: world.operator, body: { name: '合作社' } });
  const supplierId = String(made.body.id);
  const { communityId, manager } = here;
  const guard = await invited(world, manager, { role: 'guard', communityIds: [communityId] });
  const staff = await invited(world, shop.token, { role: 'store-staff', storeId: shop.storeId });
  const leader = await invited(world, manager, { role: 'leader', communityId });
  const supplier = await invited(world, world.operator, { role: 'supplier', supplierId });
  const terminal = await claimedTerminal(world, here);
  const clipId = await approvedClip(world, shop.token);
  const dealId = await dealOf(world, shop, { stock: 1_000, perPersonMax: 100 });
  return {
    cast: { here, shop, resident, terminal, supplierId, clipId, dealId },
    signedIn: {
      operator: world.operator,
      property: manager,
      guard: guard.token,
      merchant: shop.token,
      'store-staff': staff.token,
      leader: leader.token,
      supplier: supplier.token,
      resident: resident.token,
    },
  };
}
