import { DomainError } from '@gatecast/firmware-protocol';
import { probeId, screenshotBytesMax, toneReport } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import {
  bodyOf,
  forJson,
  sendNothing,
  sendProblem,
  type ScreenAnswer,
  type ScreenCall,
  type ScreenRoutes,
} from './screen-http.ts';
import type { ProbeAnswers } from './screen-probes.ts';

const toneBytesMax = 1_024;

const statusOf: Readonly<Record<string, 404 | 422>> = { 'unknown-probe': 404, 'not-a-picture': 422 };

const malformed = { code: 'malformed-answer', title: 'this answers no question' };
const tooLong = { code: 'answer-too-long', title: 'this is too long' };

/** Where the page sends what it was asked for: pictures of itself, and whether it can be heard. */
export function probeRoutes(
  guarded: (answer: ScreenAnswer) => ScreenAnswer,
  { probes, log }: { readonly probes: ProbeAnswers; readonly log: Pick<Logger, 'warn'> },
): ScreenRoutes {
  const orProblem = ({ response }: ScreenCall, take: () => void): void => {
    try {
      take();
      sendNothing(response);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      log.warn({ code: error.code }, 'what the screen page sent was refused');
      sendProblem(response, statusOf[error.code] ?? 500, { code: error.code, title: error.message });
    }
  };
  const takeCapture: ScreenAnswer = async (call) => {
    const id = probeId.safeParse(call.query.get('id')).data;
    if (id === undefined) return sendProblem(call.response, 400, malformed);
    const bytes = await bodyOf(call.request, screenshotBytesMax);
    if (!bytes) return sendProblem(call.response, 413, tooLong);
    return orProblem(call, () => probes.takeCapture(id, new Uint8Array(bytes)));
  };
  const takeTone = forJson({ schema: toneReport, bytesMax: toneBytesMax, tooLong, malformed }, (report, call) =>
    orProblem(call, () => probes.takeTone(report)),
  );
  return { 'POST /captures': guarded(takeCapture), 'POST /tones': guarded(takeTone) };
}
