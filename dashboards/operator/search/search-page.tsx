import { Button, Input } from 'antd';
import type { StoryKind, StorySubject } from '@gatecast/cloud-api/client';
import { Link, useLocation, useSearch } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useSearchWords } from './search-words.ts';
import { StoryLine } from './story-line.tsx';
import './search.css';

const icons: Readonly<Record<StoryKind, IconName>> = {
  terminal: 'screen',
  unit: 'door',
  order: 'bag',
  visit: 'qr',
  touch: 'hand',
  play: 'play',
};
const isKind = (text: string | null): text is StoryKind => text !== null && Object.hasOwn(icons, text);
/** As many as a search finds at most. */
const foundMax = 20;
/** Longer than a QR link. */
const textMax = 300;

/** One box for everything: what a text can stand for, and the whole story of one of them. The address says both, so that it can be sent on. */
export function SearchPage() {
  const m = useSearchWords();
  const [, go] = useLocation();
  const query = new URLSearchParams(useSearch());
  const [text, kind, id] = [query.get('q') ?? '', query.get('kind'), query.get('id')];
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <search>
        <form
          key={text}
          className="search-box"
          onSubmit={(event) => {
            event.preventDefault();
            const typed = new FormData(event.currentTarget).get('q');
            if (typeof typed === 'string' && typed.trim() !== '')
              go(`/search?${new URLSearchParams({ q: typed.trim() }).toString()}`);
          }}
        >
          <Input
            name="q"
            size="large"
            type="search"
            aria-label={m.title}
            placeholder={m.placeholder}
            maxLength={textMax}
            defaultValue={text}
          />
          <Button size="large" type="primary" htmlType="submit">
            {m.search}
          </Button>
        </form>
      </search>
      {isKind(kind) && id !== null ? (
        <>
          {text !== '' && (
            <Link href={`/search?${new URLSearchParams({ q: text }).toString()}`} className="fleet-back">
              <Icon name="back" /> {m.back}
            </Link>
          )}
          <StoryLine key={`${kind} ${id}`} kind={kind} id={id} />
        </>
      ) : text === '' ? (
        <Empty icon="list" title={m.start}>
          <p>{m.startHint}</p>
        </Empty>
      ) : (
        <Found text={text} />
      )}
    </>
  );
}

function Found({ text }: { readonly text: string }) {
  const m = useSearchWords();
  const query = useRead('GET /v1/search', { query: { q: text } });
  return (
    <Loaded query={query}>
      {({ items }) => {
        const hasUnits = items.some(({ kind }) => kind === 'unit');
        return items.length === 0 ? (
          <Empty icon="list" title={m.nothing}>
            <p>{m.nothingHint}</p>
          </Empty>
        ) : (
          <>
            {hasUnits && <p className="notice is-warn">{m.unitNotice}</p>}
            {items.length >= foundMax && <p className="soft">{hasUnits ? m.manyUnits : m.manyTerminals}</p>}
            <ul className="search-found">
              {items.map((subject) => (
                <li key={`${subject.kind} ${subject.id}`}>
                  <Subject subject={subject} text={text} />
                </li>
              ))}
            </ul>
          </>
        );
      }}
    </Loaded>
  );
}

function Subject({
  subject: { kind, id, title, place },
  text,
}: {
  readonly subject: StorySubject;
  readonly text: string;
}) {
  const m = useSearchWords();
  const search = new URLSearchParams({ q: text, kind, id });
  return (
    <Link href={`/search?${search.toString()}`} className="card search-subject">
      <Icon name={icons[kind]} size={24} />
      <span>
        <b>{title}</b>
        <span className="soft">
          {m.kinds[kind]}
          {place !== '' && ` · ${place}`}
        </span>
      </span>
      <Icon name="forward" />
    </Link>
  );
}
