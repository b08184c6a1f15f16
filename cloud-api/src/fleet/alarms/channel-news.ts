import type { Tx } from '../../platform/db/store.ts';
import type { Platform } from '../../platform/platform.ts';
import { isAsGraveAs } from './alarm-kinds.ts';
import type { AlarmRow } from './alarm-store.ts';
import { allChannels, changeChannel, type ChannelRow } from './channel-store.ts';
import { deliverAlarms, messageKind, type AlarmMessage } from './delivery.ts';
import { brakeText, byGravity } from './watch-rules.ts';

/** Alarms named in one message; the rest is a number. */
const namedMax = 20;
const nothing = { test: false, raised: [], moreRaised: 0, ended: [], moreEnded: 0, heldBack: 0 } as const;

export interface News {
  readonly raised: readonly AlarmRow[];
  readonly ended: readonly AlarmRow[];
}

/** What the channels are given to tell. */
export interface ChannelNews {
  /** One message to each channel that wants to hear of any of it. Answers with the ids of the raised alarms that somebody is told of. */
  tell(q: Tx, news: News): Promise<string[]>;
  /** A message that says it is a test. */
  test(q: Tx, channel: ChannelRow): Promise<void>;
}

export function createChannelNews(platform: Platform): ChannelNews {
  const { clock, outbox } = platform;
  deliverAlarms(platform);

  /** Through the brake for texts: what it holds back is counted by the next one. */
  const send = async (q: Tx, row: ChannelRow, message: AlarmMessage): Promise<void> => {
    if (row.kind === 'webhook') return outbox.send(q, messageKind, message);
    const now = clock.now();
    const braked = brakeText(row, now);
    if (!braked) {
      const heldBack = row.heldBack + message.raised.length + message.moreRaised;
      const last = { lastAt: now, lastResult: 'held-back', lastDetail: String(heldBack) } as const;
      return changeChannel(q, row.id, { heldBack, ...last });
    }
    await outbox.send(q, messageKind, { ...message, heldBack: row.heldBack });
    await changeChannel(q, row.id, { ...braked, heldBack: 0 });
  };

  return {
    test: (q, channel) => send(q, channel, { ...nothing, channelId: channel.id, test: true }),
    async tell(q, news) {
      const told = new Set<string>();
      for (const row of await allChannels(q)) {
        const { raised, ended } = wantedBy(row, news);
        if (raised.length + ended.length === 0) continue;
        await send(q, row, {
          ...nothing,
          channelId: row.id,
          raised: raised.slice(0, namedMax).map(({ id }) => id),
          moreRaised: Math.max(0, raised.length - namedMax),
          ended: ended.slice(0, namedMax).map(({ id }) => id),
          moreEnded: Math.max(0, ended.length - namedMax),
        });
        for (const { id } of raised) told.add(id);
      }
      return [...told];
    },
  };
}

function wantedBy({ enabled, kind, leastSeverity }: ChannelRow, { raised, ended }: News): News {
  if (!enabled) return { raised: [], ended: [] };
  const isWanted = ({ severity }: AlarmRow) => isAsGraveAs(severity, leastSeverity);
  // A text calls somebody; that it is over they see when they look.
  return { raised: raised.filter(isWanted).toSorted(byGravity), ended: kind === 'sms' ? [] : ended.filter(isWanted) };
}
