import { ApiError, type Client, type ClipUpload } from '@gatecast/cloud-api/client';
import type { Upload } from 'tus-js-client';
import { idOf, isPassing, prepareTransfer, type AboutFile } from './transfer.ts';

interface OnTheWay {
  readonly fileName: string;
  readonly bytes: number;
  readonly sentBytes: number;
}

/** One file on its way, and how it went. */
export type UploadState =
  | { readonly phase: 'idle' }
  | ({ readonly phase: 'sending' | 'paused' } & OnTheWay)
  /** It stopped by itself; where the network was to blame it goes on when that is back. */
  | ({ readonly phase: 'stopped'; readonly error: unknown } & OnTheWay)
  | { readonly phase: 'checking'; readonly fileName: string }
  | { readonly phase: 'taken'; readonly clipId: string }
  | { readonly phase: 'refused'; readonly upload: ClipUpload };

const askEveryMs = 1_000;
const retryEveryMs = 30_000;

/** Sends one file at a time, whichever page is shown meanwhile. */
export class UploadDesk {
  readonly #client: Client;
  readonly #token: () => string | undefined;
  readonly #listeners = new Set<() => void>();
  #state: UploadState = { phase: 'idle' };
  #transfer: Upload | undefined;
  #again: (() => Promise<void>) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #prepare: typeof prepareTransfer;

  constructor(client: Client, token: () => string | undefined, prepare = prepareTransfer) {
    this.#client = client;
    this.#token = token;
    this.#prepare = prepare;
  }

  readonly state = (): UploadState => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** `uploadId`: the unfinished upload that the file goes on with. */
  async begin(file: File, about: AboutFile, uploadId?: string): Promise<void> {
    const whole = { fileName: file.name, bytes: file.size };
    this.#show({ phase: 'sending', ...whole, sentBytes: 0 });
    addEventListener('online', this.#onOnline);
    const stopped = (error: unknown) => {
      const sentBytes = 'sentBytes' in this.#state ? this.#state.sentBytes : 0;
      this.#stop({ phase: 'stopped', error, ...whole, sentBytes });
    };
    this.#again = () => this.begin(file, about, uploadId);
    try {
      this.#transfer = await this.#prepare({
        file,
        about,
        uploadId,
        token: this.#token,
        onProgress: (sentBytes) => {
          if (this.#state.phase === 'sending') this.#show({ phase: 'sending', ...whole, sentBytes });
        },
        onDone: (id) => void this.#awaitVerdict(id, file.name),
        onStopped: stopped,
      });
    } catch (unloaded) {
      // The client of the protocol loads with the first upload, and there may be no network at that moment.
      return stopped(unloaded instanceof TypeError ? noAnswer() : unloaded);
    }
    // It may have been paused or called off while the client was loading.
    if (this.#state.phase === 'sending') this.#transfer.start();
  }

  pause(): void {
    if (this.#state.phase !== 'sending') return;
    this.#show({ ...this.#state, phase: 'paused' });
    // Ends the request that is under way; what it brought is kept.
    void this.#transfer?.abort();
  }

  /** Goes on after a pause or a stop. */
  goOn(): void {
    if (this.#state.phase !== 'paused' && this.#state.phase !== 'stopped') return;
    const { fileName, bytes, sentBytes } = this.#state;
    clearTimeout(this.#retry);
    if (!this.#transfer) return void this.#again?.();
    this.#show({ phase: 'sending', fileName, bytes, sentBytes });
    this.#transfer.start();
  }

  /** Calls the upload off; nothing stays at the cloud. */
  async cancel(): Promise<void> {
    if (!('sentBytes' in this.#state)) return;
    clearTimeout(this.#retry);
    const transfer = this.#transfer;
    const url = transfer?.url ?? null;
    this.#transfer = undefined;
    this.#show({ phase: 'idle' });
    await transfer?.abort();
    if (url !== null) await this.#callOff(idOf(url));
    // The list of unfinished uploads may have been asked for while this one was still there.
    this.#show({ phase: 'idle' });
  }

  /** Away with the last outcome. */
  dismiss(): void {
    this.#show({ phase: 'idle' });
  }

  /** Without a network the cloud keeps it; it stands on the list of unfinished ones, where it can be called off again. */
  async #callOff(id: string): Promise<void> {
    try {
      await callOff(this.#client, id);
    } catch (error) {
      if (!isOurs(error)) throw error;
    }
  }

  /** Not every browser says when its network is back: what the network stopped is tried again by itself. */
  #stop(state: Extract<UploadState, { readonly phase: 'stopped' }>): void {
    this.#show(state);
    clearTimeout(this.#retry);
    if (isOurs(state.error)) this.#retry = setTimeout(this.#onOnline, retryEveryMs);
  }

  readonly #onOnline = (): void => {
    const { phase } = this.#state;
    if (phase === 'stopped' && isOurs(this.#state.error)) this.goOn();
  };

  async #awaitVerdict(id: string, fileName: string): Promise<void> {
    removeEventListener('online', this.#onOnline);
    this.#show({ phase: 'checking', fileName });
    try {
      for (;;) {
        const upload = await this.#client('GET /v1/clip-uploads/:id', { params: { id } });
        if (upload.state === 'refused') return this.#show({ phase: 'refused', upload });
        if (upload.clipId !== null) return this.#show({ phase: 'taken', clipId: upload.clipId });
        await new Promise((resolve) => setTimeout(resolve, askEveryMs));
      }
    } catch (error) {
      // Going on asks again: all bytes are there.
      this.#stop({ phase: 'stopped', error, fileName, bytes: 1, sentBytes: 1 });
    }
  }

  #show(next: UploadState): void {
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}

const noAnswer = () => new ApiError({ type: 'about:blank', title: 'no answer', status: 0, code: 'offline' });

/** The network's fault, or the cloud's, and nothing that anybody has to mend here. */
export const isOurs = (error: unknown): boolean => error instanceof ApiError && isPassing(error.problem);

/** Takes an upload, or what is left of one, off the cloud. One that is gone is as good. */
export async function callOff(client: Client, id: string): Promise<void> {
  try {
    await client('DELETE /v1/clip-uploads/:id', { params: { id } });
  } catch (error) {
    if (!(error instanceof ApiError && error.problem.code === 'not-found')) throw error;
  }
}
