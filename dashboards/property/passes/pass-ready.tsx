import { Button } from 'antd';
import type { PassCreated } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { CopyButton } from '../../kit/ui/copy-button.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';

interface PassReadyProps {
  readonly pass: PassCreated;
  readonly zone: string;
  readonly onDone: () => void;
}

/** While the code is on its way to the doors. */
const deliveryRefetchMs = 1_000;

/** The code in digits that can be read over a counter, how to type it, and whether the doors know it yet. */
export function PassReady({ pass, zone, onDone }: PassReadyProps) {
  const m = useMessages().passes;
  const format = useFormats();
  const { items } = useReadPages(
    'GET /v1/passes',
    { query: { communityId: pass.communityId } },
    { refetchInterval: deliveryRefetchMs },
  );
  const { terminals, of } = (items.find(({ id }) => id === pass.id) ?? pass).delivered;
  const complete = of > 0 && terminals >= of;
  const spoken = `${pass.code.slice(0, 4)} ${pass.code.slice(4)}`;
  return (
    <div className="stack pass-ready">
      <p className="pass-code digits">
        {spoken}
        <span>#</span>
      </p>
      <p>{m.howTo(spoken)}</p>
      <p className="soft">
        {pass.label} · {m.window(format.dateTime(pass.from, zone), format.dateTime(pass.to, zone))}
      </p>
      <output className={`notice ${complete ? 'is-good' : ''}`}>
        {complete || of === 0 ? <Icon name={complete ? 'check' : 'alert'} /> : <span className="spinner" />}
        <span>
          {of === 0 ? m.noTerminals : complete ? m.deliveredAll : m.delivering} {of > 0 && m.delivered(terminals, of)}
        </span>
      </output>
      <p className="notice is-warn">{m.onlyOnce}</p>
      <div className="row pass-ready-actions">
        <CopyButton text={m.shareText(pass.code, format.dateTime(pass.to, zone))} />
        <Button type="primary" size="large" onClick={onDone}>
          {m.done}
        </Button>
      </div>
    </div>
  );
}
