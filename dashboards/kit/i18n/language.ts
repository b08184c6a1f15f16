export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** What `<html lang>` and Intl take. */
export const localeOf: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

interface LanguageHints {
  /** `location.search` */
  readonly search: string;
  /** What an earlier visit chose. */
  readonly stored: string | null;
  /** `navigator.languages` */
  readonly preferred: readonly string[];
}

const known = (text: string | null | undefined): Language | undefined =>
  languages.find((language) => text?.toLowerCase().split('-')[0] === language);

/** `?lang=` first, then what was chosen before, then the first language of the browser that we speak, then Chinese. */
export function chooseLanguage({ search, stored, preferred }: LanguageHints): Language {
  return known(new URLSearchParams(search).get('lang')) ?? known(stored) ?? preferred.map(known).find(Boolean) ?? 'zh';
}

const storageKey = 'gatecast.language';

export interface LanguageStore {
  readonly language: () => Language;
  /** From now on, here and on later visits. */
  readonly choose: (language: Language) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createLanguageStore(): LanguageStore {
  const listeners = new Set<() => void>();
  let current = chooseLanguage({
    search: location.search,
    stored: localStorage.getItem(storageKey),
    preferred: navigator.languages,
  });
  return {
    language: () => current,
    choose(language) {
      current = language;
      localStorage.setItem(storageKey, language);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
