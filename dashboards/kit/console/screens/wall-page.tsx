import { App, Button, Modal, Segmented } from 'antd';
import type { WallScreen, WallShow } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../api/api-context.tsx';
import { useFormats, useWords } from '../../i18n/language-context.tsx';
import { problemSentence } from '../../i18n/problem-sentence.ts';
import { Icon } from '../../ui/icon.tsx';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { LoadMore } from '../load-more.tsx';
import { SearchBox } from '../search-box.tsx';
import { useCommandFile } from '../terminal/commands/use-command-file.ts';
import { MuteButton } from './mute-button.tsx';
import { useScreenWords } from './screen-words.ts';
import './screens.css';

/** As often as terminals tell. */
const refetchMs = 15_000;
const shows: readonly WallShow[] = ['all', 'playing', 'dark', 'offline', 'muted'];
const pageSize = 48;

interface WallPageProps {
  /** Undefined: all communities that one may see. */
  readonly communityId?: string;
}

/** All screens, a page of them at a time: a thousand cost no more than the first. */
export function WallPage({ communityId }: WallPageProps) {
  const m = useScreenWords();
  const [show, setShow] = useState<WallShow>('all');
  const [search, setSearch] = useState('');
  const pages = useReadPages(
    'GET /v1/screen-wall',
    { query: { show, limit: pageSize, ...(communityId && { communityId }), ...(search && { q: search }) } },
    { refetchInterval: refetchMs },
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.wall}</h1>
          <p>{m.wallIntro}</p>
        </div>
      </div>
      <div className="wall-tools">
        <SearchBox value={search} label={m.search} onSettled={setSearch} />
        <div className="wall-shows">
          <Segmented<WallShow>
            size="large"
            aria-label={m.wall}
            value={show}
            options={shows.map((value) => ({ value, label: m.show[value] }))}
            onChange={(value) => setShow(value)}
          />
        </div>
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="screen" title={m.none}>
            <p>{m.noneHint}</p>
          </Empty>
        }
      >
        {(screens) => (
          <ul className="wall">
            {screens.map((screen) => (
              <Tile key={screen.terminalId} screen={screen} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Tile({ screen }: { readonly screen: WallScreen }) {
  const m = useScreenWords();
  const format = useFormats();
  const now = useNow(refetchMs);
  const {
    terminalId,
    name,
    communityName,
    entranceName,
    online,
    screen: said,
    clipTitle,
    clipPosterUrl,
    mutedUntil,
    zone,
  } = screen;
  const isWrong = !online || said?.state === 'dark' || said?.state === 'absent';
  const word = !online ? m.offline : said ? m.state[said.state] : m.unknown;
  return (
    <li className={`card wall-tile ${isWrong ? 'is-wrong' : ''}`}>
      <div className="wall-name">
        <b>{entranceName}</b>
        <span className="soft">
          {communityName} · {name}
        </span>
      </div>
      <div className="wall-state">
        <span className={`badge ${isWrong ? 'is-bad' : said?.state === 'playing' ? 'is-good' : ''}`}>{word}</span>
        {mutedUntil !== null && (
          <span className="badge is-brand">{m.mutedUntil(format.timeOrDate(mutedUntil, now, zone))}</span>
        )}
        {mutedUntil === null && said?.muted && <span className="badge">{m.silent}</span>}
      </div>
      <p className={`wall-clip ${isWrong ? 'is-past' : ''}`}>
        {said?.clip && clipPosterUrl !== null ? (
          <img className="wall-poster" src={clipPosterUrl} alt="" loading="lazy" />
        ) : (
          <span className="wall-poster">
            <Icon name="film" />
          </span>
        )}
        <span>
          {said?.clip ? (clipTitle ?? m.untitled) : '—'}
          {said && said.since !== null && <span className="soft"> · {m.since(format.relative(said.since, now))}</span>}
        </span>
      </p>
      <div className="wall-actions">
        <Picture screen={screen} now={now} />
        <MuteButton terminalId={terminalId} name={entranceName} mutedUntil={mutedUntil} />
      </div>
    </li>
  );
}

/** Each look at a picture is written down, so it is fetched when somebody wants to see it. */
function Picture({ screen, now }: { readonly screen: WallScreen; readonly now: number }) {
  const m = useScreenWords();
  const format = useFormats();
  const { kit } = useWords();
  const { message } = App.useApp();
  const [seen, setSeen] = useState(false);
  const { terminalId, entranceName, picture, online } = screen;
  const order = useWrite('POST /v1/terminals/:id/commands', ['GET /v1/screen-wall']);
  const take = (): void =>
    order.mutate(
      { params: { id: terminalId }, body: { kind: 'capture-screenshot' } },
      {
        onSuccess: () => void message.success(m.taken),
        onError: (error) => void message.error(problemSentence(error, kit)),
      },
    );
  return (
    <>
      <span className="soft wall-age">{picture ? m.pictureAge(format.relative(picture.at, now)) : m.noPicture}</span>
      {picture && (
        <Button icon={<Icon name="screen" />} onClick={() => setSeen(true)}>
          {m.see}
        </Button>
      )}
      <Button disabled={!online} loading={order.isPending} onClick={take}>
        {m.take}
      </Button>
      {picture && seen && (
        <Modal open title={m.picture(entranceName)} footer={null} destroyOnHidden onCancel={() => setSeen(false)}>
          <Shot commandId={picture.commandId} alt={m.picture(entranceName)} />
        </Modal>
      )}
    </>
  );
}

function Shot({ commandId, alt }: { readonly commandId: string; readonly alt: string }) {
  const query = useCommandFile(commandId);
  return <Loaded query={query}>{({ url }) => <img className="wall-shot" src={url} alt={alt} />}</Loaded>;
}
