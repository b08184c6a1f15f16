import { after, halfHourMs, halfHourOf, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import type { PlayBody, Unbillable } from '@gatecast/firmware-protocol/messages';
import { clipSha256 } from '../campaigns/ready-campaign.fixture.ts';
import type { NotCounted } from '../exposure/filter.ts';
import type { TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  signInTerminal,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';

/** Reasons of the terminal, and what only the cloud can see. */
const byTerminal: readonly Unbillable[] = [
  'exit-button',
  'remote-opening',
  'free-passage',
  'fire',
  'child',
  'staff',
  'courier',
  'maintenance',
  'emergency',
  'repeat',
  'test',
];
const byCloud = [
  'unknown-touch',
  'unknown-clip',
  'clock',
  'longer-than-window',
  'duplicate',
  'impossible-rate',
] as const;
/** What may come of a play at a touch: nothing but these. `too-short` is no reason, it is not seen. */
export const fates: readonly ('counts' | 'too-short' | NotCounted)[] = [
  'counts',
  'too-short',
  ...byTerminal,
  ...byCloud,
];
export type Fate = (typeof fates)[number];

export interface Played {
  readonly campaignId: string;
  readonly fate: Fate;
  readonly milli: number;
  /** The line item for people that it reached somebody for. */
  readonly reached: string | null;
}

/** What of a play has to be counted, said without the rules that count it. */
interface Owed {
  readonly milli: number;
  readonly reached: string | null;
}

/** A door with its screen: what it wrote waits until it has a line. */
export interface Door {
  readonly communityId: string;
  readonly terminal: TestTerminal;
  /** Writes what was played in the half-hour that runs. */
  play(played: readonly Played[]): void;
  /** The half-hour that ran is over for it. */
  close(at: InstantMs): void;
  /** Sends all that waits. */
  send(): Promise<void>;
  /** Somebody tested the door all that half-hour, which is known only now: nothing of it counts. */
  prove(at: InstantMs): Promise<void>;
  /** All that the cloud has of a campaign in a half-hour. */
  sent(campaignId: string, at: InstantMs): readonly Owed[];
  hasClosed(at: InstantMs): boolean;
}

interface Place {
  readonly entrance: string;
  readonly placement: 'gate';
}

/** What a screen writes of a play, and of the touch that it was at. */
function rowsOf(place: Place, { campaignId, fate, milli, reached }: Played, startedAt: InstantMs): NewRow[] {
  const touch = newId('touch');
  const unbillable = byTerminal.find((reason) => reason === fate) ?? null;
  const isSeen = fate !== 'too-short';
  const body: PlayBody = {
    decision: newId('decision'),
    touch,
    billable: unbillable === null,
    ...place,
    campaign: campaignId,
    clip: fate === 'unknown-clip' ? 'b'.repeat(64) : clipSha256('food'),
    halfHour: halfHourOf(startedAt),
    startedAt,
    rendered: true,
    viewable: isSeen,
    completed: isSeen,
    shownMs: seconds(fate === 'longer-than-window' ? 20 : isSeen ? 6 : 1),
    framesPresented: 150,
    framesDropped: 0,
    muted: true,
    endReason: 'finished',
    panel: 'on',
    panelBy: 'cec',
    measuredBy: 'frames',
    milliTouches: milli,
    ...(reached !== null && { reached }),
  };
  const wallMs = after(startedAt, seconds(9));
  const row: NewRow = { kind: 'play', body, wallMs, ...(fate === 'clock' && { clock: 'unknown' as const }) };
  const event = { event: 'opening', unbillable, startedAt, windowMs: seconds(8), endedBy: 'door-closed' };
  const first: NewRow = { kind: 'touch', body: { touch, ...place, ...event }, wallMs };
  if (fate === 'duplicate') return [first, row, row];
  return fate === 'unknown-touch' ? [row] : [first, row];
}

/** As many billable touches in a minute as a door can have, and one more. */
const crowd = 41;

export async function doorAt(world: TestApp, here: Neighbourhood, entranceId = here.entranceId): Promise<Door> {
  const terminal: TestTerminal = await claimedTerminal(world, { ...here, entranceId });
  const journal = testJournal(world, terminal, 'play');
  const sent = new Map<string, Owed[]>();
  const closed = new Set<InstantMs>();
  const proven = new Set<InstantMs>();
  let waiting: NewRow[] = [];
  let owed: (Owed & { readonly key: string })[] = [];
  let closes: InstantMs[] = [];
  let touches = 0;
  const place = { entrance: entranceId, placement: 'gate' as const };

  /** Each at a minute of its own, but for those that come too fast. */
  const write = (one: Played): void => {
    const half = halfHourOf(world.clock.now());
    touches += 1;
    const startedAt = after(half, seconds((touches % 29) * 60 + (touches % 40)));
    waiting.push(...rowsOf(place, one, startedAt));
    // A row that is told twice counts the first time.
    if (one.fate !== 'counts' && one.fate !== 'duplicate') return;
    owed.push({ key: `${one.campaignId}|${half}`, milli: one.milli, reached: one.reached });
  };
  /** Somebody plays with a reader: a touch a millisecond. */
  const writeCrowd = (one: Played): void => {
    const half = halfHourOf(world.clock.now());
    for (let n = 0; n < crowd; n += 1) {
      waiting.push(
        ...rowsOf(place, { ...one, fate: 'counts', reached: null }, after(half, seconds(29 * 60 + 50 + n / 1_000))),
      );
      if (n < crowd - 1) owed.push({ key: `${one.campaignId}|${half}`, milli: one.milli, reached: null });
    }
  };
  const send = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const { body } = await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity);
    const answer = await world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
      token: body.token,
      body: journal(...waiting),
    });
    if (answer.status !== 200) throw new Error(`the journal was not taken: ${answer.status} ${answer.body?.code}`);
    for (const { key, ...one } of owed) sent.set(key, [...(sent.get(key) ?? []), one]);
    for (const at of closes) closed.add(at);
    [waiting, owed, closes] = [[], [], []];
  };
  const close = (at: InstantMs): void => {
    const body = { at, ...place, touches: { opening: null } };
    waiting.push({ kind: 'half-hour', body, wallMs: world.clock.now() });
    closes.push(at);
  };
  return {
    communityId: here.communityId,
    terminal,
    close,
    send,
    async prove(at) {
      const run = { terminalId: terminal.id, startedBy: 'acct_1', startedAt: at, signedAt: after(at, halfHourMs) };
      await world.store.tx(async (q) => {
        await q.insert(q.t.commissioningRuns).values(run);
      });
      close(at);
      await send();
      proven.add(at);
    },
    play(played) {
      for (const one of played.filter(({ fate }) => fate !== 'impossible-rate')) write(one);
      // Two crowds in a minute are one: the second would not count at all.
      const fast = played.find(({ fate }) => fate === 'impossible-rate');
      if (fast) writeCrowd(fast);
    },
    sent: (campaignId, at) => (proven.has(at) ? [] : (sent.get(`${campaignId}|${at}`) ?? [])),
    hasClosed: (at) => closed.has(at),
  };
}
