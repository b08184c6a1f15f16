import type { Terminal } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';

interface SettingsProgressProps {
  readonly terminal: Terminal;
  /** When this page saved, or null if what is on its way was sent earlier or by somebody else. */
  readonly savedAt: number | null;
}

/** Desired → applied: which version went out and when, and whether the terminal works by it. */
export function SettingsProgress({ terminal, savedAt }: SettingsProgressProps) {
  const m = useMessages().settings;
  const format = useFormats();
  const { desired, applied, state, appliedAt } = terminal.documents.config;
  if (desired === null) return null;
  const isApplied = state === 'applied';
  const time = (at: number | null) =>
    at !== null && <time className="digits">{format.timeToTheSecond(at, terminal.zone)}</time>;
  const waiting = terminal.online ? m.waiting : m.waitingOffline;
  return (
    <ol className={`settings-progress is-${state}`} aria-live="polite">
      <li className="is-reached">
        <span className="progress-mark">
          <Icon name="check" />
        </span>
        <b>{m.sent}</b>
        <span className="digits">{m.version(desired)}</span>
        {time(savedAt)}
      </li>
      <li className={isApplied ? 'is-reached' : state === 'failed' ? 'is-failed' : 'is-next'}>
        <span className="progress-mark">
          {isApplied ? (
            <Icon name="check" />
          ) : state === 'failed' ? (
            <Icon name="cross" />
          ) : (
            <span className="spinner" />
          )}
        </span>
        <b>{isApplied ? m.inForce : state === 'failed' ? m.failed : waiting}</b>
        {isApplied && applied !== null && <span className="digits">{m.version(applied)}</span>}
        {isApplied && time(appliedAt)}
      </li>
    </ol>
  );
}
