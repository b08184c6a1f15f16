import { Button, Form, Input } from 'antd';
import type { Community, TerminalOffer } from '@gatecast/cloud-api/client';
import { useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { AddTerminal } from '../../kit/console/terminal/add-terminal.tsx';
import { useAddTerminalWords } from '../../kit/console/terminal/add-terminal-words.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useAddTerminalPageWords } from './words.ts';

interface CodeStepProps {
  readonly community: Community;
  readonly wasRefused: boolean;
  readonly onFound: (offer: TerminalOffer) => void;
}

const codeLength = 8;
/** What people type for what is written there: Crockford's base 32 has no I, L and O. */
const readAs: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

/** `abcd 234o` → `ABCD2340`. */
const plain = (text: string): string =>
  [...text.toUpperCase().replace(/[^0-9A-Z]/g, '')]
    .map((letter) => readAs[letter] ?? letter)
    .join('')
    .slice(0, codeLength);
const isCode = (code: string): boolean => code.length === codeLength && !code.includes('U');
const grouped = (code: string): string => (code.length > 4 ? `${code.slice(0, 4)} ${code.slice(4)}` : code);

/** The code from the screen: typed, or brought by the QR code in the page's address. */
export function CodeStep({ community, wasRefused, onFound }: CodeStepProps) {
  const m = useAddTerminalPageWords();
  const words = useAddTerminalWords();
  const scanned = plain(new URLSearchParams(useSearch()).get('code') ?? '');
  const [code, setCode] = useState(scanned);
  const [byScript, setByScript] = useState(false);
  const look = useWrite('POST /v1/terminal-offers/look');
  const find = (wanted: string): void =>
    look.mutate({ body: { code: wanted, communityId: community.id } }, { onSuccess: onFound });

  // A phone that scanned the QR code has nothing more to type; after a refusal the code in the address is spent.
  const asked = useRef(wasRefused);
  useEffect(() => {
    if (asked.current || !isCode(scanned)) return;
    asked.current = true;
    find(scanned);
  });

  return (
    <div className="add-terminal">
      <section className="card stack">
        {wasRefused && <p className="notice is-good">{m.refused}</p>}
        <p className="soft">{m.where(community.name)}</p>
        <Form layout="vertical" size="large" requiredMark={false} onFinish={() => find(code)}>
          <Form.Item
            label={m.codeLabel}
            htmlFor="offer-code"
            extra={m.codeHint}
            validateStatus={code.length === codeLength && !isCode(code) ? 'error' : ''}
            help={code.length === codeLength && !isCode(code) ? m.codeBad : undefined}
          >
            <Input
              id="offer-code"
              className="offer-code digits"
              value={grouped(code)}
              autoFocus
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              placeholder="ABCD 2345"
              onChange={(event) => setCode(plain(event.currentTarget.value))}
            />
          </Form.Item>
          <div className="stack">
            <ProblemNotice error={look.error} />
            <Button type="primary" htmlType="submit" block disabled={!isCode(code)} loading={look.isPending}>
              {m.find}
            </Button>
          </div>
        </Form>
      </section>
      <section className="card stack">
        <h2>{m.noScreenTitle}</h2>
        <ul className="no-screen">
          {m.noScreen.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <h2>{m.byScript}</h2>
        <p className="soft">{m.byScriptHint}</p>
        <div>
          <Button onClick={() => setByScript(true)}>{words.add}</Button>
        </div>
      </section>
      <AddTerminal open={byScript} communityId={community.id} onClose={() => setByScript(false)} />
    </div>
  );
}
