import type { MediaClip, MediaManifest } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { PlayerDocuments } from './player-documents.ts';
import type { PlayerMemory } from './player-memory.ts';
import type { StoppedClips } from './stopped-clips.ts';

const memoryKey = 'media-taken-down';
const remembered = z.object({ version: z.int(), clips: z.array(z.string()) });

/**
 * The media manifest in force. One that came back because a newer one did not work comes without what the newer one had taken down: a fault of one clip
 * brings no other back on the screen. Nor does it name what was ordered to stop.
 */
export function manifestInForce(
  documents: Pick<PlayerDocuments, 'current' | 'version'>,
  memory: PlayerMemory,
  stopped: Pick<StoppedClips, 'isStopped'>,
  log: Logger,
): () => MediaManifest | undefined {
  let newest = recall(memory, log);
  return () => {
    const manifest = documents.current('media');
    if (!manifest) return undefined;
    const version = documents.version('media');
    if (version > newest.version) {
      newest = { version, clips: manifest.takenDown };
      memory
        .set(memoryKey, JSON.stringify(newest))
        .catch((err: unknown) => log.error({ err }, 'what was taken down could not be kept'));
    }
    const isBack = version !== newest.version;
    const mayPlay = (clip: MediaClip) => !(isBack && newest.clips.includes(clip.sha256)) && !stopped.isStopped(clip);
    return { ...manifest, clips: manifest.clips.filter(mayPlay) };
  };
}

/** What another agent has written that this one cannot read darkens no screen: the next manifest tells it anew. */
function recall(memory: PlayerMemory, log: Logger): z.infer<typeof remembered> {
  const nothing = { version: 0, clips: [] };
  const kept = memory.get(memoryKey);
  if (kept === undefined) return nothing;
  try {
    return remembered.parse(JSON.parse(kept));
  } catch (err) {
    log.error({ err }, 'what was taken down cannot be read');
    return nothing;
  }
}
