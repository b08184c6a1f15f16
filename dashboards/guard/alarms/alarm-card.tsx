import type { Alarm } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { OpenDoorButton } from '../doors/open-door-button.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { isLoud } from './alarm-order.ts';
import { TakeDialog } from './take-dialog.tsx';

const icons: Readonly<Partial<Record<Alarm['kind'], IconName>>> = {
  help: 'hand',
  fire: 'flame',
  'held-open': 'clock',
  power: 'power',
  'wrong-codes': 'key',
  'code-storm': 'key',
  'break-glass': 'shield',
  passback: 'people',
  duress: 'shield',
};
const refreshMs = 10_000;

/** What is wrong, where, since when; who has taken it, or the buttons to take it and to open that door. */
export function AlarmCard({ alarm }: { readonly alarm: Alarm }) {
  const words = useMessages();
  const formats = useFormats();
  const now = useNow(refreshMs);
  const [isTaking, setIsTaking] = useState(false);
  const { kind, entranceName, at, endedAt, ackedAt, ackedBy, note } = alarm;
  const isTaken = ackedAt !== null;
  const time = (moment: number): string => formats.timeOrDate(moment, now, homeZone);
  return (
    <article className={`alarm-card ${isTaken ? 'is-taken' : ''} ${isLoud(alarm) ? 'is-loud' : ''}`}>
      <Icon name={icons[kind] ?? 'alert'} size={isLoud(alarm) ? 40 : 26} />
      <div className="alarm-what">
        <h3>{words.kinds[kind]}</h3>
        <p className="alarm-where">{entranceName}</p>
        <p>
          {words.since(time(at))} · {formats.relative(Math.min(at, now), now)}
          {endedAt !== null && ` · ${words.ended(time(endedAt))}`}
        </p>
        {isTaken && (
          <p className="alarm-taken">
            {words.handled(ackedBy ?? '', time(ackedAt))}
            {note !== null && note !== '' && ` · ${note}`}
          </p>
        )}
      </div>
      {!isTaken && (
        <div className="alarm-actions">
          <button type="button" className="button is-primary is-large" onClick={() => setIsTaking(true)}>
            {words.handle}
          </button>
          {kind === 'help' && <OpenDoorButton terminalId={alarm.terminalId} door={entranceName} />}
        </div>
      )}
      {isTaking && <TakeDialog alarm={alarm} onClose={() => setIsTaking(false)} />}
    </article>
  );
}
