import { Button, Checkbox, Modal } from 'antd';
import type { Community, CommunityMode, Terminal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useFocusBack } from '../../kit/use-focus-back.ts';
import { useMessages } from '../messages/zh.ts';
import { ModeFacts } from './mode-dialog.tsx';
import './doors.css';

type Wish = 'lockdown' | 'normal';

const lockdownHours = 4;

interface CommunityModeButtonsProps {
  readonly community: Community;
  readonly terminals: readonly Terminal[];
}

/** All doors of the community at once: locked down, or given back to their schedules. */
export function CommunityModeButtons({ community, terminals }: CommunityModeButtonsProps) {
  const m = useMessages().doors.modes;
  const [wish, setWish] = useState<Wish | null>(null);
  const isSetByHand = terminals.some(({ mode }) => mode.override !== null);
  return (
    <div className="row">
      {isSetByHand && (
        <Button size="large" icon={<Icon name="check" />} onClick={() => setWish('normal')}>
          {m.allNormal}
        </Button>
      )}
      <Button size="large" danger icon={<Icon name="lock" />} onClick={() => setWish('lockdown')}>
        {m.allLockdown}
      </Button>
      {wish !== null && <AskAll community={community} wish={wish} onClose={() => setWish(null)} />}
    </div>
  );
}

interface AskAllProps {
  readonly community: Community;
  readonly wish: Wish;
  readonly onClose: () => void;
}

function AskAll({ community, wish, onClose }: AskAllProps) {
  const m = useMessages().doors.modes;
  const { kit } = useWords();
  useFocusBack();
  const [isSure, setSure] = useState(wish === 'normal');
  const set = useWrite('PUT /v1/communities/:id/mode', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const words = {
    lockdown: {
      title: m.allLockdownTitle(community.name),
      facts: m.allLockdownFacts(lockdownHours),
      confirm: m.confirmAll,
      body: { mode: wish, minutes: lockdownHours * 60 },
    },
    normal: {
      title: m.allNormalTitle(community.name),
      facts: m.allNormalFacts,
      confirm: m.confirmAllNormal,
      body: { mode: wish },
    },
  }[wish];
  return (
    <Modal
      open
      title={set.data ? m.outcomes : words.title}
      footer={null}
      width={520}
      destroyOnHidden
      onCancel={onClose}
    >
      <div className="stack">
        {set.data ? <Outcomes outcome={set.data} /> : <ModeFacts facts={words.facts} />}
        {wish === 'lockdown' && !set.data && (
          <Checkbox checked={isSure} onChange={(event) => setSure(event.target.checked)}>
            {m.sure(community.name)}
          </Checkbox>
        )}
        <ProblemNotice error={set.error} />
        <div className="row dialog-actions">
          <Button size="large" onClick={onClose}>
            {set.data ? kit.close : kit.cancel}
          </Button>
          {!set.data && (
            <Button
              type="primary"
              size="large"
              danger={wish === 'lockdown'}
              disabled={!isSure}
              loading={set.isPending}
              onClick={() => set.mutate({ params: { id: community.id }, body: words.body })}
            >
              {words.confirm}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

const outcomeTone: Readonly<Record<CommunityMode['items'][number]['state'], string>> = {
  sent: 'is-good',
  waiting: 'is-warn',
  unclaimed: '',
  revoked: '',
};

function Outcomes({ outcome }: { readonly outcome: CommunityMode }) {
  const m = useMessages().doors.modes;
  return (
    <ul className="mode-outcomes" aria-label={m.outcomes} aria-live="polite">
      {outcome.items.map(({ terminalId, entranceName, state }) => (
        <li key={terminalId}>
          <span>{entranceName}</span>
          <span className={`badge ${outcomeTone[state]}`}>{m.outcome[state]}</span>
        </li>
      ))}
    </ul>
  );
}
