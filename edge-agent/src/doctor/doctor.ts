import { DomainError } from '@gatecast/firmware-protocol';
import { agentVersion } from '../agent-version.ts';
import { readSettings, type AgentEnvironment, type SettingsSource } from '../config.ts';
import { readRunning } from '../on-site/running.ts';
import { onSiteStatus, type OnSiteStatus } from '../on-site/status.ts';
import { issueAdvice, languageOf, type Language } from '../on-site/words.ts';
import { doorsOfAgent, pollDevices } from './door-check.ts';
import type { Finding } from './finding.ts';
import { checkDisk, checkKeys, checkScreenPort } from './machine-checks.ts';
import { checkBroker, checkCloud } from './network-checks.ts';
import { lineOf, sentenceOf } from './sentences.ts';
import { readStored } from './stored.ts';

export interface DoctorOptions extends Pick<SettingsSource, 'variables'> {
  readonly config: string | undefined;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/**
 * Looks at everything that an installer can put right, and says it in the language of `LANG`. Opens no door and changes nothing. Resolves with the exit
 * code: 0 when nothing is wrong, 1 otherwise.
 */
export async function doctor({ variables, config, json, say }: DoctorOptions): Promise<number> {
  const language = languageOf(variables['LC_ALL'] ?? variables['LC_MESSAGES'] ?? variables['LANG']);
  const { findings, status } = await examine(variables, config);
  const isWell = findings.every(({ state }) => state !== 'bad');
  if (json) {
    const told = findings.map((finding) => ({ ...finding, sentence: sentenceOf(finding, language) }));
    say(JSON.stringify({ agentVersion, ok: isWell, findings: told, issues: status?.issues ?? null }));
  } else {
    say(`gatecast-agent ${agentVersion}`);
    for (const finding of findings) say(lineOf(finding, language));
    for (const line of issueLines(status, language)) say(line);
  }
  return isWell ? 0 : 1;
}

async function examine(
  variables: DoctorOptions['variables'],
  file: string | undefined,
): Promise<{ findings: readonly Finding[]; status?: OnSiteStatus | undefined }> {
  const settings = settingsOf(variables, file);
  if ('fault' in settings) {
    return { findings: [{ check: 'settings', state: 'bad', code: 'settings-bad', about: settings.fault }] };
  }
  const { GATECAST_DATA_DIR: dataDir, GATECAST_CLOUD_URL: cloudUrl } = settings.env;
  const stored = readStored(dataDir);
  const { status, page } = await runningAgent(dataDir);
  const [disk, cloud, broker, doors, screen] = await Promise.all([
    checkDisk(dataDir),
    checkCloud(cloudUrl, stored.claim?.timeKey),
    stored.brokerUrl ? checkBroker(stored.brokerUrl, settings.env.GATECAST_MQTT_CA).then((finding) => [finding]) : [],
    status ? doorsOfAgent(status) : pollDevices(settings.env.GATECAST_DOOR_LINK, stored.addresses),
    screenFindings(status, settings.env),
  ]);
  const agent: Finding = status
    ? { check: 'agent', state: 'good', code: 'agent-running', ...(page !== undefined && { about: page }) }
    : { check: 'agent', state: 'warn', code: 'agent-stopped' };
  const begun: Finding[] = [{ check: 'settings', state: 'good', code: 'settings-good' }, agent];
  return {
    findings: [...begun, ...disk, checkKeys(dataDir), ...stored.findings, ...doors, ...cloud, ...broker, ...screen],
    status,
  };
}

function settingsOf(
  variables: DoctorOptions['variables'],
  file: string | undefined,
): { readonly env: AgentEnvironment } | { readonly fault: string } {
  try {
    return { env: readSettings({ variables, file }) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [, ...faults] = error.message.split('\n').map((line) => line.trim());
    return { fault: faults.join('; ') };
  }
}

/** The agent that runs on this data folder, if one answers. */
async function runningAgent(dataDir: string): Promise<{ status?: OnSiteStatus; page?: string }> {
  const url = readRunning(dataDir)?.screenUrl;
  if (!url) return {};
  const at = (path: string) => {
    const target = new URL(url);
    target.pathname = path;
    return target.href;
  };
  try {
    const answer = await fetch(at('/local/status'), { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? { status: onSiteStatus.parse(await answer.json()), page: at('/local') } : {};
  } catch {
    // Nobody listens there any more: the note is from an agent that was cut off.
    return {};
  }
}

async function screenFindings(status: OnSiteStatus | undefined, env: AgentEnvironment): Promise<Finding[]> {
  if (status?.screenConnected) return [{ check: 'screen', state: 'good', code: 'screen-open' }];
  if (status) return [{ check: 'screen', state: 'warn', code: 'screen-absent' }];
  // 0 is any free one.
  return env.GATECAST_SCREEN_PORT === 0 ? [] : [await checkScreenPort(env.GATECAST_SCREEN_PORT)];
}

/** What the running agent itself says is wrong. */
const issueLines = (status: OnSiteStatus | undefined, language: Language): string[] =>
  (status?.issues ?? []).map((issue) => {
    const { what, todo } = issueAdvice[language][issue];
    return `! ${what} ${todo}`;
  });
