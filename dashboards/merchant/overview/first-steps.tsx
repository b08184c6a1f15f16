import { Icon } from '../../kit/ui/icon.tsx';
import { useOverviewWords } from './overview-words.ts';

interface FirstStepsProps {
  readonly done: { readonly clip: boolean; readonly deal: boolean; readonly booking: boolean };
}

/** The way onto the screen for somebody who has just come: what is done is ticked. */
export function FirstSteps({ done }: FirstStepsProps) {
  const words = useOverviewWords();
  const steps = [
    { done: done.clip, title: words.stepClip, hint: words.stepClipHint },
    { done: done.deal, title: words.stepDeal, hint: words.stepDealHint },
    { done: done.booking, title: words.stepBook, hint: words.stepBookHint },
  ];
  return (
    <section className="card">
      <h2 className="section-title">{words.firstTime}</h2>
      <p className="soft">{words.firstTimeHint}</p>
      <ol className="first-steps">
        {steps.map((step, index) => (
          <li key={step.title} className={step.done ? 'is-done' : ''}>
            <span className="first-step-mark">{step.done ? <Icon name="check" size={20} /> : index + 1}</span>
            <div>
              <strong>{step.title}</strong>
              <p>{step.hint}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
