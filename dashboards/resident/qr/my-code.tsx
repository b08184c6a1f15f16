import type { Credential } from '@gatecast/cloud-api/client';
import { useEffect, useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { QrCode } from '../../kit/ui/qr-code.tsx';
import { useOnline } from '../../kit/use-online.ts';
import { phoneStepMs } from '../../kit/phone-code.ts';
import { forgetPhoneKey } from './phone-key-store.ts';
import { useQrWords } from './qr-words.ts';
import { usePhoneCode } from './use-phone-code.ts';
import { useScreenAwake } from './use-screen-awake.ts';

interface MyCodeProps {
  readonly credential: string;
  /** The key is gone, or the cloud no longer knows it. */
  readonly onLost: () => void;
}

/** The code on white, as bright as a page can make it, and how long it lasts. */
export function MyCode({ credential, onLost }: MyCodeProps) {
  const words = useQrWords();
  const code = usePhoneCode();
  useScreenAwake();
  const isLost = code.kind === 'lost';
  useEffect(() => {
    if (isLost) onLost();
  }, [isLost, onLost]);
  return (
    <>
      <section className="my-code">
        {code.kind === 'shown' ? (
          <>
            <QrCode text={code.text} label={words.label} />
            <Ring key={code.text} endsInMs={code.endsInMs} />
          </>
        ) : (
          <span className="qr-code" />
        )}
        <p className="my-code-hold">{words.hold}</p>
      </section>
      <Delivery credential={credential} onLost={onLost} />
      <p className="my-code-facts">{words.facts}</p>
    </>
  );
}

const ringRadius = 15;
const ringLength = 2 * Math.PI * ringRadius;

/** Runs down with the half minute. The seconds are for the eye: read out every time they would drown everything else. */
function Ring({ endsInMs }: { readonly endsInMs: number }) {
  const words = useQrWords();
  const [left, setLeft] = useState(Math.ceil(endsInMs / 1_000));
  useEffect(() => {
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1_000);
    return () => clearInterval(timer);
  }, []);
  const delayMs = endsInMs - phoneStepMs;
  return (
    <p className="my-code-ring" aria-hidden="true">
      <svg viewBox="0 0 36 36" width="30" height="30">
        <circle cx="18" cy="18" r={ringRadius} className="ring-track" />
        <circle
          cx="18"
          cy="18"
          r={ringRadius}
          className="ring-left"
          style={{ strokeDasharray: ringLength, animationDuration: `${phoneStepMs}ms`, animationDelay: `${delayMs}ms` }}
        />
      </svg>
      <span className="digits">{words.seconds(left)}</span>
    </p>
  );
}

const askAgainMs = 3_000;
/** More than one person has. */
const credentialsMax = 100;

/** While the doors are being told of a new key; and whether the cloud still knows it. */
function Delivery({ credential, onLost }: MyCodeProps) {
  const words = useQrWords();
  const { session } = useSession();
  const [asksAgain, setAsksAgain] = useState(true);
  const online = useOnline();
  const { data, isFetchedAfterMount } = useRead(
    'GET /v1/me/credentials',
    { query: { limit: credentialsMax } },
    { enabled: session !== null && online, refetchInterval: asksAgain ? askAgainMs : false },
  );
  const mine = data?.items.find(({ id }) => id === credential);
  // An answer from before this key was made does not know it.
  const isGone = isFetchedAfterMount && data !== undefined && mine?.state !== 'active';
  useEffect(() => {
    if (isGone) void forgetPhoneKey().then(onLost);
  }, [isGone, onLost]);
  const waits = mine === undefined || isOnItsWay(mine);
  if (asksAgain !== waits) setAsksAgain(waits);
  if (!mine || !isOnItsWay(mine)) return null;
  return <output className="notice">{words.onItsWay}</output>;
}

const isOnItsWay = ({ delivered }: Credential): boolean => delivered.terminals < delivered.of;
