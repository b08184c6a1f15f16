import { z } from 'zod';

export const journalStreams = z.enum(['door', 'play', 'health']);
export type JournalStream = z.infer<typeof journalStreams>;

/** Names one chain of rows. */
export interface StreamKey {
  readonly terminal: string;
  readonly epoch: number;
  readonly stream: JournalStream;
}
