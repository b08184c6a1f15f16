import { App, Button } from 'antd';
import type { Community, Notice } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { ListPage } from '../../kit/console/list-page.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { NewNotice } from './new-notice.tsx';
import { useNoticeWords } from './notice-words.ts';
import './notices.css';

/** While screens confirm; live events tell most of it at once. */
const refetchMs = 5_000;
const refreshMs = 30_000;
const tone = { scheduled: 'is-brand', showing: 'is-good', over: '' } as const;

export function NoticesPage() {
  const { community } = useCommunity();
  return community && <Notices key={community.id} community={community} />;
}

function Notices({ community }: { readonly community: Community }) {
  const m = useNoticeWords();
  const [adding, setAdding] = useState(false);
  const pages = useReadPages(
    'GET /v1/notices',
    { query: { communityId: community.id } },
    { refetchInterval: refetchMs },
  );
  return (
    <>
      <ListPage
        title={m.title}
        intro={m.intro}
        add={{ label: m.add, icon: 'megaphone', onClick: () => setAdding(true) }}
        pages={pages}
        empty={{ icon: 'megaphone', title: m.none, hint: m.noneHint }}
      >
        {(notices) => (
          <ul className="notice-rows">
            {notices.map((each) => (
              <Row key={each.id} notice={each} zone={community.zone} />
            ))}
          </ul>
        )}
      </ListPage>
      <NewNotice community={community} open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function Row({ notice, zone }: { readonly notice: Notice; readonly zone: string }) {
  const m = useNoticeWords();
  const format = useFormats();
  const now = useNow(refreshMs);
  const { level, title, text, from, to, state, shownOn, endedAt } = notice;
  const time = (at: number): string => format.timeOrDate(at, now, zone);
  const isOver = state === 'over';
  return (
    <li className={`card notice-row ${isOver ? 'is-over' : ''}`}>
      <span className={`notice-mark is-${level}`}>
        <Icon name={level === 'emergency' ? 'alert' : 'megaphone'} size={24} />
      </span>
      <div className="notice-text">
        <b>{title}</b>
        <span>{text}</span>
        <span className="soft">
          {m.levels[level]} · {m.window(time(from), time(endedAt ?? to))}
        </span>
      </div>
      <div className="notice-state">
        <span className={`badge ${tone[state]}`}>{m.state[state]}</span>
        {!isOver && <span className="soft">{m.shownOn(shownOn.terminals, shownOn.of)}</span>}
        {isOver && shownOn.terminals > 0 && <span className="soft">{m.stillOn(shownOn.terminals)}</span>}
      </div>
      {!isOver && <TakeDown notice={notice} />}
    </li>
  );
}

function TakeDown({ notice: { id, title } }: { readonly notice: Notice }) {
  const m = useNoticeWords();
  const { modal } = App.useApp();
  const end = useWrite('DELETE /v1/notices/:id', ['GET /v1/notices']);
  const ask = (): void =>
    void modal.confirm({
      title: m.endTitle(title),
      content: m.endText,
      okText: m.end,
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => end.mutate({ params: { id } }),
    });
  return (
    <span className="notice-action">
      <Button danger loading={end.isPending} onClick={ask}>
        {m.end}
      </Button>
      <ProblemNotice error={end.error} />
    </span>
  );
}
