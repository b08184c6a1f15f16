import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';

export function HowItWorks({ storeName, groupHours }: { readonly storeName: string; readonly groupHours: number }) {
  const words = useMessages();
  const steps = [
    { title: words.howPay, hint: words.howPayHint },
    { title: words.howGroup, hint: words.howGroupHint(groupHours) },
    { title: words.howPick, hint: words.howPickHint(storeName) },
  ];
  return (
    <section className="card">
      <h2>{words.howItWorks}</h2>
      <ol className="how-steps">
        {steps.map(({ title, hint }) => (
          <li key={title}>
            <strong>{title}</strong>
            <span>{hint}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function RefundPromise() {
  const words = useMessages();
  return (
    <section className="promise">
      <Icon name="shield" size={32} />
      <div>
        <h2>{words.refundPromise}</h2>
        <p>{words.refundPromiseHint}</p>
      </div>
    </section>
  );
}
