import { useMessages } from '../messages/zh.ts';
import { SwitchField, TextField } from './fields.tsx';
import { topicPattern, type HardwareOf } from './hardware-default.ts';

interface RelayTopicsProps {
  readonly relay: HardwareOf<'mqtt'>;
  readonly onChange: (relay: HardwareOf<'mqtt'>) => void;
}

const orders = ['commandTopic', 'openPayload', 'securePayload', 'stateTopic', 'releasedState', 'securedState'] as const;
const contactDefault = { topic: 'stat/door/SWITCH1', open: 'ON', closed: 'OFF' };
const availabilityDefault = { topic: 'tele/door/LWT', online: 'Online', offline: 'Offline' };

/** How a relay on the site's MQTT broker is told what to do, and how it answers. */
export function RelayTopics({ relay, onChange }: RelayTopicsProps) {
  const m = useMessages().doors.wiring;
  const { contact, availability } = relay;
  const contactWords = { topic: m.contactTopic, open: m.contactOpen, closed: m.contactClosed };
  const availabilityWords = {
    topic: m.availabilityTopic,
    online: m.availabilityOnline,
    offline: m.availabilityOffline,
  };
  return (
    <>
      <div className="wiring-grid">
        {orders.map((name) => (
          <TextField
            key={name}
            label={m[name]}
            {...(name === 'openPayload' && { hint: m.openPayloadHint })}
            {...(name.endsWith('Topic') && { hint: m.topicHint, pattern: topicPattern })}
            value={relay[name]}
            onChange={(text) => onChange({ ...relay, untimedRelay: false, [name]: text })}
          />
        ))}
      </div>
      <SwitchField
        label={m.hasContact}
        checked={contact !== null}
        onChange={(on) => onChange({ ...relay, contact: on ? contactDefault : null })}
      >
        {contact && (
          <Messages of={contact} words={contactWords} onChange={(next) => onChange({ ...relay, contact: next })} />
        )}
      </SwitchField>
      <SwitchField
        label={m.hasAvailability}
        checked={availability !== null}
        onChange={(on) => onChange({ ...relay, availability: on ? availabilityDefault : null })}
      >
        {availability && (
          <Messages
            of={availability}
            words={availabilityWords}
            onChange={(next) => onChange({ ...relay, availability: next })}
          />
        )}
      </SwitchField>
    </>
  );
}

interface MessagesProps<T extends Readonly<Record<string, string>>> {
  readonly of: T;
  readonly words: { readonly [K in keyof T]: string };
  readonly onChange: (messages: T) => void;
}

function Messages<T extends Readonly<Record<string, string>>>({ of: messages, words, onChange }: MessagesProps<T>) {
  const { topicHint } = useMessages().doors.wiring;
  return (
    <div className="wiring-grid">
      {Object.entries(messages).map(([name, text]) => (
        <TextField
          key={name}
          label={words[name] ?? name}
          value={text}
          {...(name === 'topic' && { hint: topicHint, pattern: topicPattern })}
          onChange={(next) => onChange({ ...messages, [name]: next })}
        />
      ))}
    </div>
  );
}
