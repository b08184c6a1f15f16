import { Steps } from 'antd';
import type { Endpoints, TerminalOffer } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { Icon } from '../../kit/ui/icon.tsx';
import { useCommunity } from '../community-context.tsx';
import { CodeStep } from './code-step.tsx';
import { CompareStep } from './compare-step.tsx';
import { DoneStep } from './done-step.tsx';
import { useAddTerminalPageWords } from './words.ts';
import './add-terminal.css';

type Claimed = Endpoints['POST /v1/terminal-offers/:id/claim']['result'];

/** From the code on a new terminal's screen to a terminal at an entrance, in three steps. */
export function AddTerminalPage() {
  const m = useAddTerminalPageWords();
  const { community } = useCommunity();
  const [offer, setOffer] = useState<TerminalOffer | null>(null);
  const [claimed, setClaimed] = useState<Claimed | null>(null);
  const [wasRefused, setWasRefused] = useState(false);
  const step = claimed ? 2 : offer ? 1 : 0;
  const startOver = (refused = false): void => {
    setWasRefused(refused);
    setOffer(null);
    setClaimed(null);
  };
  return (
    <>
      <Link href="/" className="back-link">
        <Icon name="back" /> {m.back}
      </Link>
      <h1>{m.title}</h1>
      <Steps
        className="add-terminal-steps"
        size="small"
        current={step}
        responsive={false}
        items={m.steps.map((title) => ({ title }))}
      />
      {!offer && community && (
        <CodeStep
          community={community}
          wasRefused={wasRefused}
          onFound={(found) => {
            setWasRefused(false);
            setOffer(found);
          }}
        />
      )}
      {offer && !claimed && <CompareStep offer={offer} onClaimed={setClaimed} onOver={startOver} />}
      {claimed && <DoneStep terminalId={claimed.terminalId} onMore={() => startOver()} />}
    </>
  );
}
