import { useEffect, useRef, useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { codeIn, codeKeyOf, codeLength, typed, type CodeKey } from './code-entry.ts';
import { Keypad } from './keypad.tsx';
import { VerdictPanel } from './verdict-panel.tsx';
import { verdictOf, type Verdict } from './verdict.ts';
import './verify.css';

/** How long the phone buzzes: once for goods to hand over, twice for a refusal. */
const buzz = { good: [80], bad: [60, 80, 60] };

/** The counter: eight digits in, one clear answer out. The last digit sends; the next customer's first digit begins anew. */
export function VerifyPage() {
  const words = useMessages();
  const [code, setCode] = useState('');
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const verify = useWrite('POST /v1/pickups/verify', ['GET /v1/traces', 'GET /v1/deals']);

  function decide(next: Verdict): void {
    setVerdict(next);
    navigator.vibrate?.(next.kind === 'hand-over' ? buzz.good : buzz.bad);
  }
  function check(whole: string): void {
    verify.mutate(
      { body: { code: whole } },
      {
        onSuccess: (pickup) => decide({ kind: 'hand-over', pickup }),
        onError: (error) => decide(verdictOf(error)),
      },
    );
  }
  function begin(next: string): void {
    if (verify.isPending) return;
    setVerdict(null);
    setCode(next);
    if (next.length === codeLength) check(next);
  }
  const press = (key: CodeKey): void => begin(typed(verdict ? '' : code, key));

  useKeyboard(press, begin);
  return (
    <div className="verify">
      <div className="verify-entry">
        <h1 className="page-title">{words.verify}</h1>
        <p className="page-lead">{words.verifyLead}</p>
        <CodeBoxes code={code} />
        <Keypad disabled={verify.isPending} onPress={press} />
      </div>
      <div className="verify-answer" aria-live="assertive">
        {verify.isPending && (
          <p className="verify-checking">
            <span className="spinner" /> {words.checking}
          </p>
        )}
        {verdict && <VerdictPanel verdict={verdict} onNext={() => begin('')} onRetry={() => check(code)} />}
      </div>
    </div>
  );
}

function CodeBoxes({ code }: { readonly code: string }) {
  const words = useMessages();
  return (
    <p className="code-boxes digits" role="img" aria-label={words.codeSoFar(code.length)}>
      {Array.from({ length: codeLength }, (_, index) => (
        <span key={index} className={index === code.length ? 'is-next' : ''}>
          {code[index]}
        </span>
      ))}
    </p>
  );
}

/** A keyboard, or a scanner that types, works anywhere on the page; so does pasting a whole code. */
function useKeyboard(onKey: (key: CodeKey) => void, onCode: (code: string) => void): void {
  const listeners = useRef({ onKey, onCode });
  useEffect(() => {
    listeners.current = { onKey, onCode };
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const key = event.ctrlKey || event.metaKey || event.altKey ? null : codeKeyOf(event.key);
      if (key) listeners.current.onKey(key);
    };
    const pasted = (event: ClipboardEvent): void => {
      const code = codeIn(event.clipboardData?.getData('text') ?? '');
      if (code) listeners.current.onCode(code);
    };
    addEventListener('keydown', pressed);
    addEventListener('paste', pasted);
    return () => {
      removeEventListener('keydown', pressed);
      removeEventListener('paste', pasted);
    };
  }, []);
}
