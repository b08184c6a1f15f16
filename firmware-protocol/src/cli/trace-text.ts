import type { FrameTrace } from '../osdp/trace/frame-trace.ts';

/** A frame on one line, for people: direction, address, number, name, fields, and what is wrong with it. */
export function traceText({ direction, address, sequence, name, check, mac, data }: FrameTrace): string {
  const arrow = direction === 'command' ? '→' : '←';
  const fields = Object.keys(data).length === 0 ? '' : ` ${JSON.stringify(data)}`;
  const faults = `${check === 'ok' ? '' : ' BAD CHECK'}${mac === 'none' ? '' : ` mac ${mac}`}`;
  return `${arrow} ${String(address).padStart(3)} #${sequence} ${name.padEnd(8)}${fields}${faults}`;
}
