import type { StoryItem, StoryKind } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { useCommandWords } from '../../kit/console/terminal/commands/command-words.ts';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useAlarmWords } from '../alarms/alarm-words.ts';
import { useMessages } from '../messages/zh.ts';
import { factsText, type FactWords } from './facts-text.ts';
import { useSearchWords } from './search-words.ts';

const icons: Readonly<Record<StoryItem['hop'], IconName>> = {
  door: 'door',
  touch: 'hand',
  play: 'play',
  visit: 'qr',
  order: 'bag',
  pickup: 'box',
  command: 'remote',
  alarm: 'alert',
  health: 'screen',
};

/** What stands out in red. */
const bad: ReadonlySet<string> = new Set(['refused', 'lost', 'disputed', 'document-failed', 'document-reverted']);

/** Everything that is known of one thing, newest first. */
export function StoryLine({ kind, id }: { readonly kind: StoryKind; readonly id: string }) {
  const m = useSearchWords();
  const query = useRead('GET /v1/stories/:kind/:id', { params: { kind, id } });
  return (
    <Loaded query={query}>
      {({ subject, items, isWhole }) => (
        <section>
          <h2>
            {m.kinds[subject.kind]} · {subject.title} <span className="soft">{subject.place}</span>
          </h2>
          {items.length === 0 ? (
            <Empty icon="list" title={m.empty} />
          ) : (
            <ol className="story">
              {items.map((item, n) => (
                <StoryRow key={`${item.at} ${item.hop} ${n}`} item={item} own={id} />
              ))}
            </ol>
          )}
          {!isWhole && <p className="soft">{m.notWhole}</p>}
        </section>
      )}
    </Loaded>
  );
}

function StoryRow({ item, own }: { readonly item: StoryItem; readonly own: string }) {
  const m = useSearchWords();
  const alarms: Readonly<Record<string, string>> = useAlarmWords().kinds;
  const format = useFormats();
  const facts = useFactWords();
  const { at, hop, what, who, why, terminalId, terminalName, leads } = item;
  const words = item.hop === 'alarm' ? alarms : m.what;
  const isBad = hop === 'alarm' || bad.has(what);
  return (
    <li className={isBad ? 'is-bad' : undefined}>
      <time className="digits soft" dateTime={new Date(at).toISOString()}>
        {format.date(at, homeZone)} {format.timeToTheSecond(at, homeZone)}
        <span className="visually-hidden"> {m.hops[hop]}</span>
      </time>
      <Icon name={icons[hop]} />
      <div>
        <b>{words[what] ?? what}</b> {who !== null && <span>{who}</span>}{' '}
        <span className="soft">{factsText(item, facts)}</span>
        {why !== null && <Why why={why} />}
        <p className="story-leads">
          {terminalId !== null && terminalId !== own && (
            <Link href={`/terminals/${terminalId}`}>{terminalName ?? terminalId}</Link>
          )}
          {leads !== null && leads.id !== own && (
            <Link href={`/search?${new URLSearchParams(leads).toString()}`}>
              {m.kinds[leads.kind]} <Icon name="forward" size={15} />
            </Link>
          )}
        </p>
      </div>
    </li>
  );
}

function useFactWords(): FactWords {
  const { kinds: commands, reasons: commandReasons } = useCommandWords();
  const { terminals, releases, nav } = useMessages();
  const documents = { ...terminals.document, software: nav.releases };
  const documentReasons = { ...releases.reasons, ...terminals.documentReasons };
  return { m: useSearchWords(), format: useFormats(), commands, commandReasons, documents, documentReasons };
}

/** A refusal in words: the rule, by which list, and how sure the terminal was of the time. */
function Why({ why: { rule, list, clock } }: { readonly why: NonNullable<StoryItem['why']> }) {
  const m = useSearchWords();
  return (
    <p className="story-why">
      <b>{m.rules[rule] ?? rule}</b>
      <span>
        {list === null ? m.noList : m.byList(list)} · {clock === null ? m.clockUnsaid : (m.clocks[clock] ?? clock)}
      </span>
    </p>
  );
}
