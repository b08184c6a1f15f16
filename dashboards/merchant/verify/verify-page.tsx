import { useEffect, useRef, useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useVerifyWords } from './verify-words.ts';
import { codeIn, codeKeyOf, codeLength, typed, type CodeKey } from './code-entry.ts';
import { Keypad } from './keypad.tsx';
import { VerdictPanel } from './verdict-panel.tsx';
import { verdictOf, type Verdict } from './verdict.ts';
import './verify.css';

/** How long the phone buzzes: once for goods to hand over, twice for a refusal. */
const buzz = { good: [80], bad: [60, 80, 60] };

/** The counter: eight digits in, one clear answer out. The last digit sends; the next customer's first digit begins anew. */
export function VerifyPage() {
  const words = useVerifyWords();
  const { code, verdict, checking, press, begin, retry } = useVerify();
  useKeyboard(press, begin);
  return (
    <div className="verify">
      <div className="verify-entry">
        <h1 className="page-title">{words.verify}</h1>
        <p className="page-lead">{words.verifyLead}</p>
        <CodeBoxes code={code} />
        <Keypad disabled={checking} onPress={press} />
      </div>
      <div className="verify-answer" aria-live="assertive">
        {checking && (
          <p className="verify-checking">
            <span className="spinner" /> {words.checking}
          </p>
        )}
        {verdict && <VerdictPanel verdict={verdict} onNext={() => begin('')} onRetry={retry} />}
      </div>
    </div>
  );
}

interface Entry {
  readonly code: string;
  readonly verdict: Verdict | null;
  readonly checking: boolean;
}
const emptyEntry: Entry = { code: '', verdict: null, checking: false };

/** What is typed, being checked and answered. Kept beside the page's state too, as a scanner types faster than a page is drawn. */
function useVerify() {
  const [entry, setEntry] = useState(emptyEntry);
  const latest = useRef(emptyEntry);
  const verify = useWrite('POST /v1/pickups/verify', ['GET /v1/traces', 'GET /v1/deals']);

  function show(next: Entry): void {
    latest.current = next;
    setEntry(next);
  }
  function decide(code: string, verdict: Verdict): void {
    show({ code, verdict, checking: false });
    navigator.vibrate?.(verdict.kind === 'hand-over' ? buzz.good : buzz.bad);
  }
  function check(code: string): void {
    show({ code, verdict: null, checking: true });
    verify.mutate(
      { body: { code } },
      {
        onSuccess: (pickup) => decide(code, { kind: 'hand-over', pickup }),
        onError: (error) => decide(code, verdictOf(error)),
      },
    );
  }
  function begin(code: string): void {
    if (latest.current.checking) return;
    if (code.length === codeLength) check(code);
    else show({ ...emptyEntry, code });
  }
  const press = (key: CodeKey): void => begin(typed(latest.current.verdict ? '' : latest.current.code, key));
  return { ...entry, press, begin, retry: (): void => check(latest.current.code) };
}

function CodeBoxes({ code }: { readonly code: string }) {
  const words = useVerifyWords();
  return (
    <p className="code-boxes digits">
      <span className="visually-hidden">{words.codeSoFar(code.length)}</span>
      {Array.from({ length: codeLength }, (_, index) => (
        <span key={index} aria-hidden="true" className={index === code.length ? 'is-next' : ''}>
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
