import { ApiError, requestOf, type NewMadeClip, type Problem } from '@gatecast/cloud-api/client';

interface Asked {
  readonly recipe: NewMadeClip['recipe'];
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  /** Name under which live events tell how far a preview is. */
  readonly watch?: string;
}

/** How a recipe looks (a JPEG) or moves (an MP4). Rejects with ApiError, or with the signal's reason. */
export async function askPicture(kind: 'sheet' | 'preview', { recipe, token, signal, watch }: Asked): Promise<Blob> {
  const { url, init } = requestOf('', `POST /v1/clips/made/${kind}`, { query: { watch }, body: recipe, signal }, token);
  const answer = await fetch(url, init).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new ApiError({ type: 'about:blank', title: 'offline', status: 0, code: 'offline' });
  });
  if (answer.ok) return answer.blob();
  throw new ApiError((await answer.json()) as Problem);
}
