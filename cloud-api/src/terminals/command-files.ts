import { after, minutes } from '@gatecast/firmware-protocol';
import { commandFileTypes, screenshotBytesMax, type CommandFileKind } from '@gatecast/firmware-protocol/messages';
import type { Manager } from '../communities/service.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { fileKeptMs, fileLateMs, filesKeptMax } from './command-rules.ts';
import { announce } from './command-steps.ts';
import * as commands from './command-store.ts';

export interface CommandFiles {
  /**
   * Takes what a command brought from its terminal; the same again changes nothing. Rejects with `not-found` for a command of another terminal or
   * of a kind that brings nothing, `invalid-request` for what is not of its type, `conflict` for one that is over or has brought another.
   */
  take(terminalId: string, commandId: string, bytes: Buffer): Promise<void>;
  /** Who reads it is audited. Rejects with `not-found` once it is deleted. */
  read(who: Manager, commandId: string): Promise<{ readonly kind: CommandFileKind; readonly bytes: Buffer }>;
}

/** What commands bring, for a while. */
export function createCommandFiles(platform: Platform): CommandFiles {
  const { store, clock, audit, jobs } = platform;
  jobs.handle('terminals.delete-command-files', {
    everyMs: minutes(10),
    run: () => store.tx((q) => commands.deleteFiles(q, clock.now())),
  });

  return {
    async take(terminalId, commandId, bytes) {
      await store.tx(async (q) => {
        const command = await commands.findCommand(q, commandId);
        if (command?.terminalId !== terminalId || !bringsFile(command.kind)) throw notFound('command');
        const { kind } = command;
        if (!isOfKind[kind](bytes)) throw refusal('invalid-request', `this is no ${commandFileTypes[kind]}`);
        const known = await commands.findFile(q, commandId);
        if (known?.bytes.equals(bytes)) return;
        const now = clock.now();
        const isOver = command.state === 'EXECUTED' || now >= after(command.expiresAt, fileLateMs);
        if (known || isOver) throw refusal('conflict', 'nobody waits for this any more');
        const kept = { at: now, keptUntil: after(now, fileKeptMs[kind]) };
        await commands.keepFile(q, { commandId, terminalId, kind, bytes, size: bytes.length, ...kept }, filesKeptMax);
        await announce(q, platform, command);
      });
    },
    async read(who, commandId) {
      return store.tx(async (q) => {
        const file = await commands.findFile(q, commandId);
        if (!file || file.keptUntil <= clock.now()) throw notFound('file');
        const { kind, bytes, terminalId } = file;
        await audit(q, { who, action: `command-file.${kind}`, subject: terminalId, facts: { command: commandId } });
        return { kind, bytes };
      });
    },
  };
}

const bringsFile = (kind: string): kind is CommandFileKind => Object.hasOwn(commandFileTypes, kind);

/** From a machine that may have been taken over: what is shown to people is what it says it is. */
const isOfKind: Readonly<Record<CommandFileKind, (bytes: Buffer) => boolean>> = {
  // SOI and a marker at the beginning, EOI at the end (ITU-T T.81, table B.1).
  'capture-screenshot': (bytes) =>
    bytes.length <= screenshotBytesMax &&
    bytes.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff)) &&
    bytes.subarray(-2).equals(Buffer.of(0xff, 0xd9)),
  'pull-logs': (bytes) => isText(bytes) && !bytes.includes(0),
};

function isText(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    // TextDecoder throws TypeError for what is no UTF-8, and nothing else.
    return false;
  }
}
