import type { Logger } from 'pino';

/** What the parts of the agent need of a logger: facts first, then a sentence. No personal data, no secrets, no digits of codes. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
