import { ApiError } from '@gatecast/cloud-api/client';
import type { KitMessages } from './zh.ts';

/** What went wrong, for a person. A code that we have no sentence for shows the cloud's title with the code, so that it can be told to us. */
export function problemSentence(error: unknown, words: KitMessages): string {
  if (!(error instanceof ApiError)) return words.pageBroken;
  const { code, title } = error.problem;
  return words.problems[code] ?? `${title} (${words.problemCode(code)})`;
}
