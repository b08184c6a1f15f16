import type { NewMadeClip } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { Icon } from '../../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../../kit/ui/states.tsx';
import { useMakerWords } from './maker-words.ts';
import { templates, type Template } from './recipe-draft.ts';
import { useSheet } from './use-picture.ts';

interface TemplateChoiceProps {
  /** Null: photos or the line are missing. */
  readonly recipe: NewMadeClip['recipe'] | null;
  readonly value: Template;
  readonly onChange: (template: Template) => void;
}

/** The looks to choose from, each with the merchant's own photo and words in it. */
export function TemplateChoice({ recipe, value, onChange }: TemplateChoiceProps) {
  const words = useMakerWords();
  const name = useId();
  return (
    <section className="card stack">
      <fieldset className="template-choice">
        <legend className="section-title">{words.template}</legend>
        {templates.map((template) => (
          <label key={template} className="template-option">
            <input
              type="radio"
              name={name}
              checked={template === value}
              className="visually-hidden"
              onChange={() => onChange(template)}
            />
            <Sheet recipe={recipe && { ...recipe, template }} isChosen={template === value} />
            <span>{words.templates[template]}</span>
          </label>
        ))}
      </fieldset>
      {recipe === null && <p className="soft">{words.noPreview}</p>}
    </section>
  );
}

/** What is wrong with the words is the same in every look, and said once. */
function Sheet({ recipe, isChosen }: { readonly recipe: NewMadeClip['recipe'] | null; readonly isChosen: boolean }) {
  const { url, error } = useSheet(recipe);
  return (
    <>
      <span className={`template-sheet is-${recipe?.template ?? 'empty'}`}>
        {recipe && url ? <img src={url} alt="" /> : <Icon name="film" size={28} />}
      </span>
      {isChosen && recipe !== null && <ProblemNotice error={error} />}
    </>
  );
}
