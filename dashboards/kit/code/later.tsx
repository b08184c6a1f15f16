import { ApiError } from '@gatecast/cloud-api/client';
import { useEffect, useState, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';
import { Bones } from '../ui/skeleton.tsx';
import { Failed } from '../ui/states.tsx';
import { createFetched, type Fetched } from './fetched.ts';

/** How often what did not come is asked for again: the browser's word that it is back on the line can come before the line is. */
const againMs = 15_000;
/** What a page says whose code did not come. */
const noAnswer = new ApiError({ type: 'about:blank', title: 'no answer', status: 0, code: 'offline' });

/**
 * A page whose code is fetched when it is first shown. Meanwhile there are grey blocks of these heights; without a network the page says so, comes by
 * itself when the network is back, and can be asked for again.
 */
export const laterPage = <P extends object>(
  fetchCode: () => Promise<ComponentType<P>>,
  heights: readonly number[],
): ComponentType<P> =>
  later(fetchCode, (code) =>
    code.state() === 'missing' ? (
      <>
        <Failed error={noAnswer} retry={() => askOrReload(code)} />
        <AskAgain want={code.want} />
      </>
    ) : (
      <Bones heights={heights} />
    ),
  );

/** A part of a page that nothing waits for: it is not there until its code is, and is asked for until it comes. */
export const laterPart = <P extends object>(fetchCode: () => Promise<ComponentType<P>>): ComponentType<P> =>
  later(fetchCode, (code) => code.state() === 'missing' && <AskAgain want={code.want} />);

function later<P extends object>(
  fetchCode: () => Promise<ComponentType<P>>,
  meanwhile: (code: Fetched<ComponentType<P>>) => ReactNode,
): ComponentType<P> {
  const code = createFetched(fetchCode);
  return function Shown(props: P) {
    const state = useSyncExternalStore(code.subscribe, code.state);
    // Before the first paint, not after it.
    useState(() => void code.want());
    useEffect(() => {
      const want = (): void => void code.want();
      addEventListener('online', want);
      return () => removeEventListener('online', want);
    }, []);
    return typeof state === 'object' ? <state.value {...props} /> : meanwhile(code);
  };
}

/** After a release the old page's files are gone, and some browsers remember a failed import: then only the page's newest state helps. */
async function askOrReload(code: Fetched<unknown>): Promise<void> {
  await code.want();
  if (code.state() !== 'missing') return;
  // No answer is no network: to reload then would lose the page that is there.
  const page = await fetch(location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (!page?.ok) return;
  // The network may have come back in between: what an answering server gives now needs no new page.
  await code.want();
  if (code.state() === 'missing') location.reload();
}

function AskAgain({ want }: { readonly want: () => unknown }) {
  useEffect(() => {
    const timer = setInterval(want, againMs);
    return () => clearInterval(timer);
  }, [want]);
  return null;
}
