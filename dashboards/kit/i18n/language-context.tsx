import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { formatsOf, type Formats } from '../format.ts';
import { zh, type KitMessages } from './zh.ts';
import { localeOf, type Language, type LanguageStore } from './language.ts';
import { whenIdle } from '../when-idle.ts';

/** An app's words: Chinese is part of the page, English is fetched when it is wanted. */
export interface MessageSource<M> {
  readonly zh: M;
  readonly en: () => Promise<M>;
}

interface Words {
  readonly language: Language;
  readonly choose: (language: Language) => void;
  readonly kit: KitMessages;
  readonly app: unknown;
  readonly formats: Formats;
}
const LanguageContext = createContext<Words | null>(null);

interface LanguageProviderProps<M> {
  readonly store: LanguageStore;
  readonly messages: MessageSource<M>;
  /** Shown while English is on its way and for good when it cannot be fetched. */
  readonly children: ReactNode;
}

/** Gives the words of the chosen language; the page keeps showing the last one until the words of the new one are here. */
export function LanguageProvider<M>({ store, messages, children }: LanguageProviderProps<M>) {
  const chosen = useSyncExternalStore(store.subscribe, store.language);
  const [loaded, setLoaded] = useState<{ kit: KitMessages; app: M } | null>(null);
  const [failed, setFailed] = useState(false);
  const language = chosen === 'en' && loaded ? 'en' : 'zh';

  useEffect(() => {
    if (chosen !== 'en' || loaded) return;
    let current = true;
    Promise.all([import('./en.ts'), messages.en()]).then(
      ([{ en }, app]) => current && setLoaded({ kit: en, app }),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [chosen, loaded, messages]);

  const problems = useAllProblems(language);
  useEffect(() => {
    document.documentElement.lang = localeOf[language];
  }, [language]);

  const words = useMemo((): Words => {
    const english = language === 'en' ? loaded : null;
    const kit = { ...(english?.kit ?? zh), ...(problems && { problems }) };
    return { language, choose: store.choose, kit, app: english?.app ?? messages.zh, formats: formatsOf(language, kit) };
  }, [language, loaded, messages, store, problems]);
  if (chosen === 'en' && !loaded && !failed) return null;
  return <LanguageContext.Provider value={words}>{children}</LanguageContext.Provider>;
}

const problemsIn: Record<Language, () => Promise<KitMessages['problems']>> = {
  zh: () => import('./problems-zh.ts').then(({ problemsZh }) => problemsZh),
  en: () => import('./problems-en.ts').then(({ problemsEn }) => problemsEn),
};

/** All sentences, once they are here; null leaves the common ones. If they cannot be fetched, a refusal shows its title and code. */
function useAllProblems(language: Language): KitMessages['problems'] | null {
  const [loaded, setLoaded] = useState<{ language: Language; problems: KitMessages['problems'] } | null>(null);
  useEffect(() => {
    let current = true;
    whenIdle(() =>
      problemsIn[language]().then(
        (problems) => current && setLoaded({ language, problems }),
        () => undefined,
      ),
    );
    return () => {
      current = false;
    };
  }, [language]);
  return loaded?.language === language ? loaded.problems : null;
}

export function useWords(): Words {
  const words = useContext(LanguageContext);
  if (!words) throw new Error('useWords outside LanguageProvider');
  return words;
}

/** The app's `useMessages`, typed by its `zh.ts`. */
export const messagesHook =
  <M,>() =>
  (): M =>
    useWords().app as M;

/** Money, times and numbers as the chosen language writes them. */
export const useFormats = (): Formats => useWords().formats;
