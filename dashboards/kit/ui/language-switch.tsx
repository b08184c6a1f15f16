import { languages, type Language } from '../i18n/language.ts';
import { useWords } from '../i18n/language-context.tsx';
import './language-switch.css';

const labels: Record<Language, string> = { zh: '中文', en: 'EN' };

export function LanguageSwitch() {
  const { language, choose, kit } = useWords();
  return (
    <fieldset className="language-switch">
      <legend className="visually-hidden">{kit.switchLanguage}</legend>
      {languages.map((each) => (
        <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => choose(each)}>
          {labels[each]}
        </button>
      ))}
    </fieldset>
  );
}
