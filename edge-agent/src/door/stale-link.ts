import { DomainError, type ByteLink, type LinkFactory } from '@gatecast/firmware-protocol';

/** How long a serial port that is written to may stay without any answer. */
const staleMsMin = 15_000;
/** Where nobody has ever answered, a fresh port is tried ever less often. */
const staleMsMax = 240_000;

/**
 * Links that are given up when nothing comes back: an adapter that was pulled out often still says that it is open, and swallows what is written
 * (node-serialport on Linux). The link closes with DomainError `link-stale`, and whoever uses it makes a new one.
 */
export function givingUpWhenStale(connect: LinkFactory, firstStaleMs = staleMsMin): LinkFactory {
  let staleMs = firstStaleMs;
  return async () => {
    const link = await connect();
    const onFirstAnswer = () => {
      staleMs = firstStaleMs;
    };
    const onStale = () => {
      staleMs = Math.min(staleMs * 2, staleMsMax);
    };
    return watched(link, staleMs, { onFirstAnswer, onStale });
  };
}

function watched(
  link: ByteLink,
  staleMs: number,
  { onFirstAnswer, onStale }: { readonly onFirstAnswer: () => void; readonly onStale: () => void },
): ByteLink {
  let timer: NodeJS.Timeout | undefined;
  let listener: ((error: Error | undefined) => void) | undefined;
  let isClosed = false;
  const closed = (error: Error | undefined) => {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(timer);
    listener?.(error);
  };
  const giveUp = () => {
    onStale();
    closed(new DomainError('link-stale', `nothing has come back over this link for ${staleMs} ms`));
    link.close();
  };
  link.onClose(closed);
  return {
    write(bytes) {
      if (!isClosed) timer ??= setTimeout(giveUp, staleMs);
      link.write(bytes);
    },
    onData(hear) {
      link.onData((bytes) => {
        clearTimeout(timer);
        timer = undefined;
        onFirstAnswer();
        hear(bytes);
      });
    },
    onClose(tell) {
      listener = tell;
    },
    close() {
      clearTimeout(timer);
      link.close();
      closed(undefined);
    },
  };
}
