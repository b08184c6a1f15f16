import { App, Button, Switch } from 'antd';
import type { Channel } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { ListPage } from '../../kit/console/list-page.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useAlarmWords } from './alarm-words.ts';
import { detailText } from './detail-text.ts';
import { NewChannelDialog } from './new-channel.tsx';
import './alarms.css';
import { useListText } from '../../kit/list-text.ts';

/** Soon enough to see what became of a test. */
const refetchMs = 3_000;
const reads = ['GET /v1/fleet/channels'] as const;

/** By which ways alarms leave, and whether they arrive. */
export function ChannelsPage() {
  const m = useAlarmWords();
  const [adding, setAdding] = useState(false);
  const pages = useReadPages('GET /v1/fleet/channels', { query: {} }, { refetchInterval: refetchMs });
  return (
    <>
      <ListPage
        title={m.channels}
        intro={m.channelsIntro}
        add={{ label: m.addChannel, icon: 'plus', onClick: () => setAdding(true) }}
        pages={pages}
        empty={{ icon: 'megaphone', title: m.noChannels, hint: m.noChannelsHint }}
      >
        {(channels) => (
          <ul className="alarm-list">
            {channels.map((channel) => (
              <ChannelItem key={channel.id} channel={channel} />
            ))}
          </ul>
        )}
      </ListPage>
      <NewChannelDialog open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function ChannelItem({ channel }: { readonly channel: Channel }) {
  const m = useAlarmWords();
  const { modal } = App.useApp();
  const { id, kind, name, url, phones, leastSeverity, enabled } = channel;
  const change = useWrite('PATCH /v1/fleet/channels/:id', reads);
  const remove = useWrite('DELETE /v1/fleet/channels/:id', reads);
  const test = useWrite('POST /v1/fleet/channels/:id/test', reads);
  const list = useListText();
  const ask = (): void =>
    void modal.confirm({
      title: m.removeTitle(name),
      okText: m.remove,
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => remove.mutate({ params: { id } }),
    });
  return (
    <li className="card channel-item">
      <div>
        <b>{name}</b>
        <p className="soft">
          {kind === 'webhook' ? url : m.endings(list(phones))} · {m.leastOf[leastSeverity]}
        </p>
        <LastWord channel={channel} />
        <ProblemNotice error={change.error ?? remove.error ?? test.error} />
      </div>
      <div className="alarm-acts">
        <Switch
          aria-label={name}
          checked={enabled}
          checkedChildren={m.on}
          unCheckedChildren={m.off}
          loading={change.isPending}
          onChange={(wanted) => change.mutate({ params: { id }, body: { enabled: wanted } })}
        />
        <Button size="large" loading={test.isPending} onClick={() => test.mutate({ params: { id } })}>
          {m.test}
        </Button>
        <Button size="large" danger loading={remove.isPending} onClick={ask}>
          {m.remove}
        </Button>
      </div>
    </li>
  );
}

function LastWord({ channel: { last } }: { readonly channel: Channel }) {
  const m = useAlarmWords();
  const format = useFormats();
  const now = useNow(refetchMs);
  if (last === null) return <p className="soft">{m.never}</p>;
  const isGood = last.result === 'delivered';
  return (
    <p className={`badge ${isGood ? 'is-good' : 'is-bad'}`}>
      <Icon name={isGood ? 'check' : 'alert'} size={15} />
      {m.last[last.result](format.relative(last.at, now))}
      {last.detail !== '' && ` · ${detailText(last.detail, m)}`}
    </p>
  );
}
