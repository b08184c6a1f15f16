import { ApiError, type Client } from '@gatecast/cloud-api/client';
import type { Upload } from 'tus-js-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { prepareTransfer, TransferOptions } from './transfer.ts';
import { UploadDesk } from './upload-desk.ts';

const offline = new ApiError({ type: 'about:blank', title: 'no answer', status: 0, code: 'offline' });
const file = { name: 'a.mp4', size: 1_000, lastModified: 1 } as File;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('removeEventListener', vi.fn());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A desk over a transfer that does what the test says. */
function deskOver(prepare?: () => Promise<never>) {
  const upload = { start: vi.fn(), abort: vi.fn(async () => undefined), url: '/v1/clip-uploads/upld_1' };
  let options: TransferOptions | undefined;
  const fake = (async (given: TransferOptions) => {
    if (prepare && !options) {
      options = given;
      await prepare();
    }
    options = given;
    return upload as unknown as Upload;
  }) as typeof prepareTransfer;
  const client = vi.fn(async (operation: string): Promise<unknown> => {
    if (operation.startsWith('DELETE')) throw offline;
    return { state: 'taken', clipId: 'clip_1' };
  });
  const desk = new UploadDesk(client as unknown as Client, () => 'token', fake);
  return { desk, upload, tell: () => options as TransferOptions };
}

test('what the network stopped goes on by itself, also where the browser does not say that it is back', async () => {
  const { desk, upload, tell } = deskOver();
  await desk.begin(file, { title: 'A' });
  tell().onStopped(offline);
  expect(desk.state()).toMatchObject({ phase: 'stopped' });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(desk.state()).toMatchObject({ phase: 'sending' });
  expect(upload.start).toHaveBeenCalledTimes(2);
});

test('what the cloud refused waits for its owner', async () => {
  const { desk, upload, tell } = deskOver();
  await desk.begin(file, { title: 'A' });
  tell().onStopped(new ApiError({ type: 'about:blank', title: 'x', status: 410, code: 'upload-expired' }));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(desk.state()).toMatchObject({ phase: 'stopped' });
  expect(upload.start).toHaveBeenCalledTimes(1);
});

test('an upload that was begun without a network begins when there is one', async () => {
  const { desk, upload } = deskOver(() => Promise.reject(new TypeError('Failed to fetch')));
  await desk.begin(file, { title: 'A' });
  expect(desk.state()).toMatchObject({ phase: 'stopped', fileName: 'a.mp4' });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(desk.state()).toMatchObject({ phase: 'sending' });
  expect(upload.start).toHaveBeenCalledTimes(1);
});

test('calling off without a network leaves it to the list of unfinished ones', async () => {
  const { desk, upload, tell } = deskOver();
  await desk.begin(file, { title: 'A' });
  tell().onStopped(offline);
  await desk.cancel();
  expect(desk.state()).toEqual({ phase: 'idle' });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(upload.start).toHaveBeenCalledTimes(1);
});
