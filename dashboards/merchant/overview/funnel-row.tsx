import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useMessages } from '../messages/use-messages.ts';
import type { Funnel } from '../results/funnel.ts';

const hops = ['touches', 'scans', 'orders', 'pickedUp'] as const satisfies readonly (keyof Funnel)[];

/** From the door to the counter, small: one campaign among others. */
export function FunnelRow({ funnel }: { readonly funnel: Funnel }) {
  const words = useMessages();
  const formats = useFormats();
  return (
    <dl className="funnel-row">
      {hops.map((hop) => (
        <div key={hop}>
          <dt>{words[hop]}</dt>
          <dd className="digits">{formats.number(funnel[hop])}</dd>
        </div>
      ))}
    </dl>
  );
}
