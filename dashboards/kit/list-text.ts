import { useWords } from './i18n/language-context.tsx';

const between = { zh: '、', en: ', ' } as const;

/** Several names in one sentence, as the chosen language sets them apart. */
export function useListText(): (items: readonly (string | number)[]) => string {
  const { language } = useWords();
  return (items) => items.join(between[language]);
}
