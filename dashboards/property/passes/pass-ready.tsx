import { Button } from 'antd';
import type { PassCreated } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { CopyButton } from '../../kit/ui/copy-button.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { QrCode } from '../../kit/ui/qr-code.tsx';
import { useMessages } from '../messages/zh.ts';
import { spokenCode } from './pass-text.ts';

interface PassReadyProps {
  readonly pass: PassCreated;
  readonly zone: string;
  readonly onDone: () => void;
}

/** While the code is on its way to the doors. */
const deliveryRefetchMs = 1_000;

/** The code in digits that can be read over a counter, its QR, how to use them, and whether the doors know it yet. */
export function PassReady({ pass, zone, onDone }: PassReadyProps) {
  const m = useMessages().passes;
  const format = useFormats();
  const spoken = spokenCode(pass.code);
  const until = pass.to === null ? m.validAlways : m.validUntil(format.dateTime(pass.to, zone));
  return (
    <div className="stack pass-ready">
      <p className="pass-code digits">
        {spoken}
        <span>#</span>
      </p>
      <p>{m.howTo(spoken)}</p>
      {pass.qr !== null && (
        <figure className="pass-qr">
          <QrCode text={pass.qr} label={m.qr} />
          <figcaption className="soft">{m.qrHint}</figcaption>
        </figure>
      )}
      <p className="soft">
        {pass.label} · {until}
      </p>
      <Arrival pass={pass} />
      <p className="notice is-warn screen-only">{m.onlyOnce}</p>
      <div className="row pass-ready-actions screen-only">
        <CopyButton text={m.shareText(pass.code, until)} />
        <Button size="large" onClick={() => print()}>
          {m.print}
        </Button>
        <Button type="primary" size="large" onClick={onDone}>
          {m.done}
        </Button>
      </div>
    </div>
  );
}

/** Whether it opens yet: at once by itself, or as soon as the doors have their lists. */
function Arrival({ pass: created }: { readonly pass: PassCreated }) {
  const m = useMessages().passes;
  const { data: pass = created } = useRead(
    'GET /v1/passes/:id',
    { params: { id: created.id } },
    { refetchInterval: deliveryRefetchMs },
  );
  const { terminals, of } = pass.delivered;
  const complete = of > 0 && terminals >= of;
  const ready = complete || pass.codeWorksOffline;
  const text = complete ? m.deliveredAll : of === 0 ? m.noTerminals : m.delivering;
  return (
    <output className={`notice screen-only ${ready ? 'is-good' : ''}`}>
      {ready || of === 0 ? <Icon name={ready ? 'check' : 'alert'} /> : <span className="spinner" />}
      <span>
        {pass.codeWorksOffline && <b>{m.offlineReady} </b>}
        {(complete || !pass.codeWorksOffline) && text} {of > 0 && m.delivered(terminals, of)}
      </span>
    </output>
  );
}
