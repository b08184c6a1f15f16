import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bouncesUntil, hear, settle, unheardContact, type Contact } from './contact-filter.ts';

const bounceMs = 50;
const shut: Contact = { open: false, since: null };
const wire = (open: boolean, mono: number, atOnce = false) => ({ open, mono, bounceMs, atOnce });

describe('a door contact', () => {
  it('tells what it found at once', () => {
    expect(hear(unheardContact, wire(true, 10))).toEqual({ contact: { open: true, since: null }, moved: true });
  });

  it('tells an opening that somebody waits for at once, and any other once it has lasted', () => {
    expect(hear(shut, wire(true, 10, true)).moved).toBe(true);
    const { contact, moved } = hear(shut, wire(true, 10));
    expect(moved).toBe(false);
    expect(bouncesUntil(contact, bounceMs)).toBe(60);
    expect(settle(contact, 59, bounceMs).moved).toBe(false);
    expect(settle(contact, 60, bounceMs)).toEqual({ contact: { open: true, since: null }, moved: true });
  });

  it('has not moved when it changes and changes back', () => {
    const back = hear(hear(shut, wire(true, 10)).contact, wire(false, 30));
    expect(back).toEqual({ contact: shut, moved: false });
    expect(bouncesUntil(back.contact, bounceMs)).toBeUndefined();
  });

  it('tells each movement once and in turns, and ends up where the wire stays', () => {
    const report = fc.record({ open: fc.boolean(), afterMs: fc.integer({ min: 0, max: 120 }), atOnce: fc.boolean() });
    fc.assert(
      fc.property(fc.array(report, { minLength: 1 }), (reports) => {
        let [contact, mono]: [Contact, number] = [unheardContact, 0];
        const told: (boolean | null)[] = [];
        const take = (heard: ReturnType<typeof hear>) => {
          contact = heard.contact;
          if (heard.moved) told.push(contact.open);
        };
        for (const { open, afterMs, atOnce } of reports) {
          mono += afterMs;
          take(settle(contact, mono, bounceMs));
          take(hear(contact, wire(open, mono, atOnce)));
        }
        take(settle(contact, mono + bounceMs, bounceMs));
        expect(told.at(-1)).toBe(reports.at(-1)?.open);
        told.forEach((open, n) => expect(open).not.toBe(told[n - 1]));
      }),
    );
  });
});
