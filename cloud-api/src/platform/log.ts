import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stderr; stdout belongs to the ready line. Names, phones, codes and tokens are never given to it. */
export function createLog(level: string, to: DestinationStream = pino.destination(2)): Logger {
  return pino({ level, base: { service: 'cloud-api' }, serializers: { err: withoutValues } }, to);
}

/** A failed statement carries its values in `params`, in its message and in the database's `detail`: names, phones, hashes. */
function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isStatement = 'params' in error || 'detail' in error;
  const said = isStatement ? safeMessage(error) : error.message;
  return {
    type: error.name,
    message: said,
    ...('code' in error ? { code: error.code } : {}),
    ...('constraint' in error ? { constraint: error.constraint } : {}),
    stack: error.stack?.replace(error.message, said),
    ...(error.cause === undefined ? {} : { cause: withoutValues(error.cause) }),
  };
}

/** What is told of an error that nobody foresaw in a request. */
export const hitABug = 'a request hit a bug';

/** The statement without what stands after it. */
export const safeMessage = (error: Error): string => error.message.split('\nparams:', 1)[0] ?? '';

export const silentLog = (): Logger => pino({ level: 'silent' });
