import { App, Button } from 'antd';
import type { Pass } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { Delivery } from './delivery.tsx';

const tone: Record<Pass['state'], string> = { scheduled: 'is-brand', active: 'is-good', expired: '', revoked: '' };
const refreshMs = 30_000;

export function PassRow({ pass }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  const format = useFormats();
  const now = useNow(refreshMs);
  const zone = useCommunity().community?.zone ?? homeZone;
  const usable = pass.state === 'active' || pass.state === 'scheduled';
  return (
    <li className={`card pass-row ${usable ? '' : 'is-over'}`}>
      <span className="pass-mark">
        <Icon name="ticket" size={26} />
      </span>
      <div className="pass-label">
        <b>{pass.label}</b>
        <span className="soft">
          {m.window(format.timeOrDate(pass.from, now, zone), format.timeOrDate(pass.to, now, zone))}
        </span>
      </div>
      <div className="pass-limits soft">
        <span>{pass.uses === null ? m.unlimited : m.times(pass.uses)}</span>
        <span>{pass.entranceIds === null ? m.allDoors : m.someDoors}</span>
      </div>
      <div className="pass-state">
        {usable && <Delivery delivered={pass.delivered} />}
        <span className={`badge ${tone[pass.state]}`}>{m.state[pass.state]}</span>
      </div>
      {usable && <RevokeButton pass={pass} />}
    </li>
  );
}

function RevokeButton({ pass }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  const { kit } = useWords();
  const { modal, message } = App.useApp();
  const revoke = useWrite('DELETE /v1/passes/:id', ['GET /v1/passes']);
  const ask = (): void =>
    void modal.confirm({
      title: m.revokeTitle(pass.label),
      content: m.revokeText,
      okText: m.revoke,
      okButtonProps: { danger: true },
      onOk: () =>
        revoke.mutateAsync({ params: { id: pass.id } }).then(
          () => void message.success(m.revoked),
          (error: unknown) => void message.error(problemSentence(error, kit)),
        ),
    });
  return (
    <Button danger loading={revoke.isPending} onClick={ask} aria-label={`${m.revoke} ${pass.label}`}>
      {m.revoke}
    </Button>
  );
}
