import type { Pass } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useMessages } from '../messages/use-messages.ts';

const badges: Readonly<Record<Pass['state'], string>> = {
  active: 'is-good',
  scheduled: 'is-brand',
  'used-up': 'is-warn',
  expired: 'is-warn',
  revoked: 'is-bad',
};

interface VisitorCardProps {
  readonly pass: Pass;
  readonly now: number;
  /** The community's. */
  readonly zone: string;
}

/** Who comes, to whom, when, and whether they have been here. */
export function VisitorCard({ pass, now, zone }: VisitorCardProps) {
  const words = useMessages();
  const formats = useFormats();
  const { label, person, host, from, to, state, usedCount, lastUsedAt } = pass;
  const time = (at: number): string => formats.timeOrDate(at, now, zone);
  return (
    <article className="visitor-card">
      <h3>{label}</h3>
      <span className={`badge ${badges[state]}`}>{words.passStates[state]}</span>
      <p className="visitor-host">
        {words.persons[person]} · {host ? words.host(host.name, host.unit) : words.byProperty}
      </p>
      <p className="digits">{words.window(time(from), to === null ? words.noEnd : time(to))}</p>
      <p className={usedCount > 0 ? 'visitor-came' : ''}>
        {usedCount > 0 && lastUsedAt !== null ? words.came(usedCount, time(lastUsedAt)) : words.notCome}
      </p>
    </article>
  );
}
