import { ApiError, requestOf } from '@gatecast/cloud-api/client';
import { useEffect, useState } from 'react';
import { useSession } from '../../../session/session-context.tsx';

interface LoadedFile {
  readonly data: Blob | undefined;
  readonly error: unknown;
  readonly refetch: () => void;
}

/** What a command brought. Each look is written down in the cloud, so it is fetched once while it is shown. */
export function useCommandFile(id: string): LoadedFile {
  const { store } = useSession();
  const [data, setData] = useState<Blob>();
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    const options = { params: { id }, signal: leaving.signal };
    const { url, init } = requestOf('', 'GET /v1/commands/:id/file', options, store.token());
    fetch(url, init)
      .then(async (answer) => {
        if (!answer.ok) throw new ApiError(await answer.json());
        setData(await answer.blob());
      })
      .catch((reason: unknown) => {
        if (!leaving.signal.aborted) setError(reason);
      });
    return () => leaving.abort();
  }, [id, store, tries]);
  const refetch = (): void => {
    setError(null);
    setTries((before) => before + 1);
  };
  return { data, error, refetch };
}
