import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ApiError, requestOf } from '@gatecast/cloud-api/client';
import { useSession } from '../../../session/session-context.tsx';

/** What a command brought, ready to be shown. */
export interface BroughtFile {
  readonly blob: Blob;
  /** Of a picture: its address, `data:…`. */
  readonly url: string;
  /** Of a log. */
  readonly text: string;
}

/** Fetches what a command brought. Each look is written down in the cloud, so it is fetched once while it is shown, and forgotten after. */
export function useCommandFile(id: string): UseQueryResult<BroughtFile> {
  const { store } = useSession();
  return useQuery({
    queryKey: ['command-file', id],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const { url, init } = requestOf('', 'GET /v1/commands/:id/file', { params: { id }, signal }, store.token());
      const answer = await fetch(url, init);
      if (!answer.ok) throw new ApiError(await answer.json());
      const blob = await answer.blob();
      const isPicture = blob.type === 'image/jpeg';
      return { blob, url: isPicture ? await addressOf(blob) : '', text: isPicture ? '' : await blob.text() };
    },
  });
}

/** Ends with the page that shows it, which an object's own address would not. */
function addressOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('the picture cannot be read')));
    reader.readAsDataURL(blob);
  });
}
