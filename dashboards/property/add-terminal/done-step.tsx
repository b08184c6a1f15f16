import { Button } from 'antd';
import { useLocation } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useAddTerminalPageWords } from './words.ts';

interface DoneStepProps {
  readonly terminalId: string;
  readonly onMore: () => void;
}

const pollMs = 2_000;

/** The terminal is the property's: it comes online, and its door is to be proven next. */
export function DoneStep({ terminalId, onMore }: DoneStepProps) {
  const m = useAddTerminalPageWords();
  const [, go] = useLocation();
  const query = useRead('GET /v1/terminals/:id', { params: { id: terminalId } }, { refetchInterval: pollMs });
  return (
    <Loaded query={query}>
      {(terminal) => (
        <section className="card stack add-terminal-done">
          <Icon name="check" size={48} />
          <h2>{m.doneTitle(terminal.entranceName)}</h2>
          <p className={`notice ${terminal.online ? 'is-good' : 'is-warn'}`} role="status" aria-live="polite">
            {!terminal.online && <span className="spinner" />} {terminal.online ? m.online : m.coming}
          </p>
          <Button type="primary" size="large" block onClick={() => go(`/terminals/${terminalId}/commissioning`)}>
            {m.prove}
          </Button>
          <Button size="large" block onClick={() => go(`/terminals/${terminalId}`)}>
            {m.open}
          </Button>
          <Button size="large" block onClick={onMore}>
            {m.more}
          </Button>
        </section>
      )}
    </Loaded>
  );
}
