import { Link } from 'wouter';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';
import type { NextStep } from './next-step.ts';

const ways: Record<Exclude<NextStep, 'none'>, { readonly href: string; readonly icon: IconName }> = {
  'hold-again': { href: '/book', icon: 'clock' },
  'pay-booking': { href: '/book', icon: 'clock' },
  'upload-clip': { href: '/clips', icon: 'upload' },
  'fix-clip': { href: '/clips', icon: 'alert' },
  'wait-for-review': { href: '/clips', icon: 'film' },
  'create-deal': { href: '/deals/new', icon: 'bag' },
  book: { href: '/book', icon: 'megaphone' },
  'book-again': { href: '/book', icon: 'megaphone' },
};

/** The one thing worth doing now, with the way there. */
export function NextStepCard({ step }: { readonly step: NextStep }) {
  const words = useMessages();
  if (step === 'none') return null;
  const { title, hint, action } = words.next[step];
  const { href, icon } = ways[step];
  return (
    <section className="next-step">
      <span className="next-step-picture">
        <Icon name={icon} size={28} />
      </span>
      <div>
        <p className="next-step-eyebrow">{words.nextStep}</p>
        <h2>{title}</h2>
        <p>{hint}</p>
      </div>
      <Link href={href} className="button is-large">
        {action}
      </Link>
    </section>
  );
}
