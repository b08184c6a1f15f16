import type { Language } from './language.ts';
import { useWords } from './language-context.tsx';

/**
 * Words that load with the page they stand on, in both languages: what somebody needs later does not make the first page heavier.
 * Gives the hook that returns them in the chosen language.
 */
export const pageWords =
  <M>(words: Readonly<Record<Language, M>>) =>
  (): M =>
    words[useWords().language];
