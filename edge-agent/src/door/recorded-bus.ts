import { recordedLink, type Clock } from '@gatecast/firmware-protocol';
import { BusRecording } from '@gatecast/firmware-protocol/node';
import type { Log } from '../log.ts';
import type { DoorLink } from './serial-line.ts';

/** Both files of the record together: some hours of a busy bus. */
const recordBytesMax = 64 * 1024 * 1024;

export interface RecordedBus {
  readonly link: DoorLink;
  stop(): Promise<void>;
}

/** The same bus, with its traffic in an OSDPCAP file without credentials. A file that cannot be written keeps nobody out: the log says so. */
export async function recordedBus(
  link: DoorLink,
  path: string,
  clock: Clock,
  log: Pick<Log, 'error'>,
): Promise<RecordedBus> {
  const onFault = (error: unknown) => log.error({ err: error }, 'the bus cannot be recorded');
  const recording = new BusRecording({ path, bytesMax: recordBytesMax, onFault });
  await recording.start().catch(onFault);
  const connect = async () => recordedLink(await link.connect(), (line) => recording.write(line), clock);
  return { link: { ...link, connect }, stop: () => recording.stop() };
}
