import type { Pass } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { Delivery } from './delivery.tsx';
import { passKinds } from './pass-kinds.ts';
import { isUsable, passTone, passWindowText } from './pass-text.ts';
import { RevokePass } from './revoke-pass.tsx';

const refreshMs = 30_000;

export function PassRow({ pass, zone }: { readonly pass: Pass; readonly zone: string }) {
  const m = useMessages().passes;
  const format = useFormats();
  const now = useNow(refreshMs);
  const usable = isUsable(pass);
  return (
    <li className={`card pass-row ${usable ? '' : 'is-over'}`}>
      <span className="pass-mark">
        <Icon name={passKinds[pass.person].icon} size={26} />
      </span>
      <div className="pass-label">
        <Link href={`/passes/${pass.id}`}>
          <b>{pass.label}</b>
        </Link>
        <span className="soft">
          {m.person[pass.person]} · {passWindowText(pass, m, format, now, zone)}
        </span>
        {pass.host && <span className="soft">{m.host(pass.host.name, pass.host.unit)}</span>}
      </div>
      <div className="pass-limits soft">
        <span>{pass.usedCount === 0 && pass.uses === null ? m.neverUsed : m.used(pass.usedCount, pass.uses)}</span>
        {pass.lastUsedAt !== null && <span>{m.lastUsed(format.timeOrDate(pass.lastUsedAt, now, zone))}</span>}
        <span>{pass.entranceIds === null ? m.allDoors : m.someDoors}</span>
      </div>
      <div className="pass-state">
        {usable && <Delivery delivered={pass.delivered} worksOffline={pass.codeWorksOffline} />}
        <span className={`badge ${passTone[pass.state]}`}>{m.state[pass.state]}</span>
      </div>
      {usable && <RevokePass pass={pass} />}
    </li>
  );
}
