import { languages, type Language } from '../i18n/language.ts';
import { useWords } from '../i18n/language-context.tsx';
import './language-switch.css';

const labels: Record<Language, string> = { zh: '中文', en: 'EN' };

export function LanguageSwitch() {
  const { language, choose, kit } = useWords();
  return (
    <div className="language-switch" role="group" aria-label={kit.switchLanguage}>
      {languages.map((each) => (
        <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => choose(each)}>
          {labels[each]}
        </button>
      ))}
    </div>
  );
}
