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
    const onAnswer = () => {
      staleMs = firstStaleMs;
    };
    const onStale = () => {
      staleMs = Math.min(staleMs * 2, staleMsMax);
    };
    return watched(link, { staleMs: () => staleMs, onAnswer, onStale });
  };
}

interface Watch {
  /** How long the link may stay without an answer at this moment. */
  readonly staleMs: () => number;
  readonly onAnswer: () => void;
  readonly onStale: () => void;
}

function watched(link: ByteLink, { staleMs, onAnswer, onStale }: Watch): ByteLink {
  let timer: NodeJS.Timeout | undefined;
  let listener: ((error: Error | undefined) => void) | undefined;
  let isClosed = false;
  const closed = (error: Error | undefined) => {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(timer);
    listener?.(error);
  };
  const giveUp = (silentMs: number) => {
    onStale();
    closed(new DomainError('link-stale', `nothing has come back over this link for ${silentMs} ms`));
    link.close();
  };
  link.onClose(closed);
  return {
    write(bytes) {
      if (!isClosed) timer ??= setTimeout(giveUp, staleMs(), staleMs());
      link.write(bytes);
    },
    onData(hear) {
      link.onData((bytes) => {
        clearTimeout(timer);
        timer = undefined;
        onAnswer();
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
