import type { ReactNode } from 'react';
import { homeZone } from '../../kit/format.ts';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useVerifyWords } from './verify-words.ts';
import type { Verdict } from './verdict.ts';

interface VerdictPanelProps {
  readonly verdict: Verdict;
  readonly onNext: () => void;
  readonly onRetry: () => void;
}

/** Hand over or not: to be understood from an arm's length. */
export function VerdictPanel({ verdict, onNext, onRetry }: VerdictPanelProps) {
  const words = useVerifyWords();
  const next = (
    <button type="button" className="button is-large is-wide" onClick={onNext}>
      {words.nextCustomer}
    </button>
  );
  if (verdict.kind === 'hand-over') {
    const { pickup } = verdict;
    return (
      <Panel tone="is-good" icon="check" title={words.handOver} action={next}>
        <p className="verdict-what">
          {pickup.dealTitle}
          <strong className="digits">{words.handOverCount(pickup.quantity)}</strong>
        </p>
        <p>
          {words.buyerIs(pickup.buyer)} · {pickup.storeName}
        </p>
      </Panel>
    );
  }
  if (verdict.kind === 'no-answer') {
    const retry = (
      <button type="button" className="button is-large is-wide" onClick={onRetry}>
        {words.tryAgain}
      </button>
    );
    return (
      <Panel tone="is-warn" icon="wifi" title={words.noConnection} action={retry}>
        <p>{words.noConnectionHint}</p>
      </Panel>
    );
  }
  return <Refused verdict={verdict} action={next} />;
}

function Refused({
  verdict,
  action,
}: {
  readonly verdict: Exclude<Verdict, { kind: 'hand-over' | 'no-answer' }>;
  readonly action: ReactNode;
}) {
  const words = useVerifyWords();
  const { kit } = useWords();
  const formats = useFormats();
  const now = useNow();
  switch (verdict.kind) {
    case 'already':
      return (
        <Panel tone="is-bad" icon="alert" title={words.alreadyPickedUp} action={action}>
          <p>
            {verdict.at === null
              ? words.alreadyPickedUpHint
              : words.alreadyPickedUpAt(formats.timeOrDate(verdict.at, now, homeZone))}
          </p>
        </Panel>
      );
    case 'unknown':
      return (
        <Panel tone="is-bad" icon="cross" title={words.unknownCode} action={action}>
          <p>{words.unknownCodeHint}</p>
        </Panel>
      );
    case 'not-ready':
      return (
        <Panel tone="is-bad" icon="clock" title={words.notReady} action={action}>
          <p>{words.notReadyHint}</p>
        </Panel>
      );
    case 'refused':
      return (
        <Panel tone="is-bad" icon="alert" title={words.otherFailure} action={action}>
          <p>{problemSentence(verdict.error, kit)}</p>
        </Panel>
      );
  }
}

interface PanelProps {
  readonly tone: 'is-good' | 'is-bad' | 'is-warn';
  readonly icon: IconName;
  readonly title: string;
  readonly action: ReactNode;
  readonly children: ReactNode;
}

function Panel({ tone, icon, title, action, children }: PanelProps) {
  return (
    <section className={`verdict ${tone}`}>
      <span className="verdict-picture">
        <Icon name={icon} size={56} />
      </span>
      <h2>{title}</h2>
      {children}
      {action}
    </section>
  );
}
