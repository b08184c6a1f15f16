import type { InstantMs } from '@gatecast/firmware-protocol';
import { credentialsMax } from '@gatecast/firmware-protocol/messages';
import type { Communities } from '../communities/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import { composeLists } from './list-answers.ts';
import { deliveriesOf, forgetOldDeliveries, type Delivery } from './list-delivery.ts';
import { ListKeeper } from './list-keeper.ts';
import { keepWeeks } from './list-weeks.ts';
import * as lists from './list-store.ts';
import { ListWorker } from './list-worker.ts';
import type { PassKeyBook } from './pass-keys.ts';

export type { Delivery } from './list-delivery.ts';

export interface AccessLists {
  /**
   * Says in the transaction of a change that the lists of a community have to tell of it: of these credentials, or, with none, of something that
   * concerns every list (a schedule, a holiday, a terminal). The lists are made right after the commit. Rejects with `list-full`.
   */
  publish(q: Tx, communityId: string, changed: readonly string[]): Promise<void>;
  /** How far each credential has come, terminal by terminal. Terminals that it does not concern are left out. */
  deliveryOf(q: Reads, credentialIds: readonly string[]): Promise<ReadonlyMap<string, readonly Delivery[]>>;
  /** Resolves when the lists tell of everything that this process has committed. */
  settled(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Signed access lists: made anew whenever somebody's right to enter changes, and when a terminal is claimed. */
export function createAccessLists(
  platform: Platform,
  communities: Communities,
  terminals: Terminals,
  passKeys: PassKeyBook,
): AccessLists {
  const { clock, signer, store, log } = platform;
  const now = (): InstantMs => clock.now();
  const parts = { store, communities, terminals, passKeys, signer, now, worker: new ListWorker() };
  const keeper = new ListKeeper(parts, log);

  const publish = async (q: Tx, communityId: string, changed: readonly string[]): Promise<void> => {
    await passKeys.ensure(q, communityId);
    await passKeys.doorNumbers(q, communityId);
    await requireRoom(q, communityId, changed);
    for (const page of changed.length === 0 ? [[]] : lists.pagesOf(changed)) {
      await lists.addChange(q, communityId, page, now());
    }
    q.afterCommit(() => keeper.wake(communityId));
  };

  terminals.composeWith('access', composeLists(terminals));
  terminals.onClaimed(async (q, { id, communityId }) => {
    await terminals.withholdDocument(q, id, 'access');
    await lists.dropTerminalList(q, id);
    await publish(q, communityId, []);
  });
  // The terminal can still open what was sealed to its old key, until it has what is sealed to the new one.
  terminals.onRotated((q, { communityId }) => publish(q, communityId, []));
  terminals.onApplied(async (q, terminalId, { kind, from, to }) => {
    if (kind === 'access') await lists.confirmDeliveries(q, terminalId, { from, to }, now());
  });
  passKeys.onRolled(publish);
  forgetOldDeliveries(platform);
  keepWeeks(platform, { publish, settled: () => keeper.settled() });

  return {
    publish,
    deliveryOf: (q, credentialIds) => deliveriesOf(q, terminals, credentialIds),
    settled: () => keeper.settled(),
    start: () => keeper.start(),
    stop: () => keeper.stop(),
  };
}

/** Left for changes that are on their way at the same time. */
const roomKept = 1_000;

/** A terminal takes no longer list. What only takes rights back is never refused. */
async function requireRoom(q: Reads, communityId: string, changed: readonly string[]): Promise<void> {
  const granted = (await lists.findCommunityLists(q, communityId))?.granted ?? 0;
  if (granted + changed.length <= credentialsMax - roomKept) return;
  const known = new Set((await lists.listedOf(q, changed)).map(({ credentialId }) => credentialId));
  const added = (await lists.placesOf(q, changed)).filter((one) => one.revokedAt === null && !known.has(one.id));
  if (added.length > 0) throw refusal('list-full', `a terminal holds ${credentialsMax - roomKept} credentials`);
}
