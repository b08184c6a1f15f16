import type { Client } from '@gatecast/cloud-api/client';
import { waitUntil } from './wait-until.ts';

/** As the installer does it: opens the pairing window of a terminal's readers, and waits until the wire to each of them is encrypted. */
export async function pairReaders(manager: Client, terminalId: string): Promise<void> {
  const show = () => manager('GET /v1/terminals/:id', { params: { id: terminalId } });
  await waitUntil(
    'the door’s hardware to answer',
    async () => {
      const { online, doorOnline } = await show();
      return online && doorOnline;
    },
    { withinMs: 60_000 },
  );
  await manager('POST /v1/terminals/:id/commands', { params: { id: terminalId }, body: { kind: 'pair-readers' } });
  await waitUntil(
    'the readers to be paired',
    async () => {
      const wires = (await show()).doors.flatMap(({ readers }) => readers.map(({ wire }) => wire));
      return wires.length > 0 && wires.every((wire) => wire === 'secured');
    },
    { withinMs: 20_000 },
  );
}
