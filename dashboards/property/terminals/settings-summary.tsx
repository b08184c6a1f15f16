import type { Terminal, TerminalSettings } from '@gatecast/cloud-api/client';
import { clockText } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';

/** `20:00–08:00`, or null when both ends are the same: an empty window. */
export function quietText({ fromMinute, toMinute }: TerminalSettings['quiet']): string | null {
  return fromMinute === toMinute ? null : `${clockText(fromMinute)}–${clockText(toMinute)}`;
}

export function SettingsSummary({ terminal: { settings } }: { readonly terminal: Terminal }) {
  const m = useMessages().terminals;
  const { kit } = useWords();
  return (
    <dl className="settings-summary">
      <div>
        <dt>
          <Icon name="clock" /> {m.openTime}
        </dt>
        <dd className="digits">{kit.seconds(settings.openMs / 1_000)}</dd>
      </div>
      <div>
        <dt>
          <Icon name="moon" /> {m.quiet}
        </dt>
        <dd className="digits">{quietText(settings.quiet) ?? m.quietNone}</dd>
      </div>
      <div>
        <dt>
          <Icon name="volume" /> {m.volume}
        </dt>
        <dd className="digits">{settings.volumePercent}%</dd>
      </div>
    </dl>
  );
}
