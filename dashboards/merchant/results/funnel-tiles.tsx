import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';
import type { Funnel } from './funnel.ts';

const hops = [
  { key: 'touches', icon: 'screen' },
  { key: 'scans', icon: 'qr' },
  { key: 'orders', icon: 'bag' },
  { key: 'pickedUp', icon: 'check' },
] as const satisfies readonly { key: keyof Funnel; icon: IconName }[];

/** From the door to the counter, as large figures. */
export function FunnelTiles({ funnel, title }: { readonly funnel: Funnel; readonly title: string }) {
  const words = useMessages();
  const formats = useFormats();
  return (
    <section className="card funnel">
      <h2 className="section-title">{title}</h2>
      <dl className="funnel-tiles">
        {hops.map(({ key, icon }) => (
          <div key={key}>
            <dt>
              <Icon name={icon} size={18} /> {words[key]}
            </dt>
            <dd className="digits">{formats.number(funnel[key])}</dd>
          </div>
        ))}
      </dl>
      <p className="soft small">{words.touchesHint}</p>
    </section>
  );
}
