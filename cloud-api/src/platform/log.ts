import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stderr; stdout belongs to the ready line. Names, phones, codes and tokens are never given to it. */
export function createLog(level: string): Logger {
  return pino({ level, base: { service: 'cloud-api' } }, pino.destination(2));
}

export const silentLog = (): Logger => pino({ level: 'silent' });
