import { App, Button, Popconfirm } from 'antd';
import type { Release } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { GiveRelease } from './give-release.tsx';
import { ReleaseTerminals } from './release-terminals.tsx';
import { ReleaseTerms } from './release-terms.tsx';

const megabyte = 1_000_000;

/** One release, with how many terminals are how far. */
export function ReleaseCard({ release }: { readonly release: Release }) {
  const m = useMessages().releases;
  const format = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  const [isGiving, setIsGiving] = useState(false);
  const { pending, applied, failed } = release.terminals;
  const isGiven = pending + applied + failed > 0;
  const size = `${format.number(Math.round((release.archive.bytes / megabyte) * 10) / 10)} MB`;
  return (
    <li className="card release">
      <div className="release-head">
        <h2 className="digits">{release.version}</h2>
        <span className="badge">{release.model}</span>
        {release.withdrawnAt !== null && <span className="badge is-bad">{m.withdrawn}</span>}
      </div>
      {release.notes !== '' && <p className="release-notes">{release.notes}</p>}
      <p className="soft digits">
        {[m.uploaded(format.dateTime(release.createdAt, homeZone)), size, m.key(release.kid)].join(' · ')}
      </p>
      {release.minFrom !== null && <p className="soft">{m.minFrom(release.minFrom)}</p>}
      <ReleaseTerms release={release} />
      <ul className="release-counts">
        <li className="badge is-good">{m.applied(applied)}</li>
        <li className="badge is-warn">{m.pending(pending)}</li>
        <li className={failed > 0 ? 'badge is-bad' : 'badge'}>{m.failed(failed)}</li>
      </ul>
      <div className="release-buttons">
        {release.withdrawnAt === null && (
          <Button type="primary" size="large" icon={<Icon name="share" />} onClick={() => setIsGiving(true)}>
            {m.give}
          </Button>
        )}
        {isGiven && (
          <Button size="large" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? m.hideTerminals : m.showTerminals}
          </Button>
        )}
        {release.withdrawnAt === null && <Withdraw release={release} />}
      </div>
      {isOpen && <ReleaseTerminals id={release.id} />}
      <GiveRelease release={release} open={isGiving} onClose={() => setIsGiving(false)} />
    </li>
  );
}

function Withdraw({ release }: { readonly release: Release }) {
  const m = useMessages().releases;
  const words = useWords();
  const { message } = App.useApp();
  const withdraw = useWrite('POST /v1/releases/:id/withdraw', ['GET /v1/releases']);
  const confirm = (): void =>
    void withdraw.mutateAsync({ params: { id: release.id } }).then(
      () => message.success(m.withdrawn),
      (error: unknown) => message.error(problemSentence(error, words.kit)),
    );
  return (
    <Popconfirm
      title={m.withdrawTitle(release.version)}
      description={m.withdrawText}
      okText={m.withdraw}
      okButtonProps={{ danger: true }}
      onConfirm={confirm}
    >
      <Button size="large" danger loading={withdraw.isPending}>
        {m.withdraw}
      </Button>
    </Popconfirm>
  );
}
