import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentFlags, agentRuntime, bundleAgent, type AgentBundle } from '../../edge-agent/bundle.ts';
import { nextBoot } from '../../edge-agent/src/update/boot-rules.ts';
import { freshState, readBootState } from '../../edge-agent/src/update/boot-state.ts';
import { isWhole } from '../../edge-agent/src/update/slot-check.ts';
import { places, slots, type Places, type Slot } from '../../edge-agent/src/update/slots.ts';

/** A bare machine is a folder here: DESTDIR. Users and services are the installer's business on a real one. */
describe('installing the agent', () => {
  let bundle: AgentBundle;
  let root: string;
  const at = (path: string) => join(root, path);
  const install = (...args: string[]) =>
    spawnSync('sh', [join(bundle.dir, 'install', 'install.sh'), ...args], {
      encoding: 'utf8',
      env: { PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`, DESTDIR: root },
    });
  const modeOf = (path: string) => (statSync(at(path)).mode & 0o777).toString(8);
  /** What stands there, by its content: a second run must change nothing of it. */
  const snapshot = () =>
    globSync('**/*', { cwd: root, withFileTypes: true, exclude: (entry) => entry.name === 'node_modules' })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path, readFileSync(path, 'utf8')]);

  beforeAll(async () => {
    bundle = await bundleAgent();
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gatecast-install-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('puts program, settings and service in their places, and a second run changes nothing', () => {
    const first = install('--cloud-url', 'https://cloud.example', '--door-link', 'tcp://10.0.0.9:4001');
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(readFileSync(at('etc/gatecast/agent.env'), 'utf8')).toMatch(
      /^GATECAST_CLOUD_URL=https:\/\/cloud\.example$[^]*^GATECAST_DOOR_LINK=tcp:\/\/10\.0\.0\.9:4001$/m,
    );
    expect([modeOf('etc/gatecast/agent.env'), modeOf('var/lib/gatecast/data')]).toEqual(['640', '700']);
    const before = snapshot();
    expect(install('--cloud-url', 'https://other.example').status).toBe(0);
    expect(snapshot()).toEqual(before);
  });

  it('holds a program that runs from there, and no secret', () => {
    install('--no-start');
    const program = at('var/lib/gatecast/software/a/gatecast-agent.mjs');
    const version = execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8' }).trim();
    expect(version).toBe(JSON.parse(readFileSync(join(bundle.dir, 'package.json'), 'utf8')).version);
    expect(globSync('var/lib/gatecast/data/**', { cwd: root, exclude: ['**/data'] })).toEqual([]);
    expect(readFileSync(at('etc/gatecast/agent.env'), 'utf8')).not.toMatch(/CLAIM_CODE|TOKEN|PASSWORD/);
  });

  it('names everything that is missing at once, and then installs nothing', () => {
    const { status, stderr } = install('--cloud-url', 'cloud', '--door-link', 'ttyUSB0', '--update-keys', '/nowhere');
    expect(status).toBe(1);
    expect(stderr).toMatch(/--cloud-url is[^]*--door-link is[^]*there is no \/nowhere/);
    expect(existsSync(at('etc'))).toBe(false);
  });

  it('leaves what releases have brought, unless it is told to replace it', () => {
    install();
    const slot = at('var/lib/gatecast/software/a');
    const boot = at('var/lib/gatecast/software/boot-state.json');
    writeFileSync(boot, '{}');
    writeFileSync(join(slot, 'later'), '');
    install();
    expect([existsSync(boot), existsSync(join(slot, 'later'))]).toEqual([true, true]);
    install('--replace');
    const { active } = JSON.parse(readFileSync(boot, 'utf8')) as { active: string };
    expect(existsSync(slot)).toBe(false);
    expect(readdirSync(at(`var/lib/gatecast/software/${active}`))).not.toContain('later');
    expect(readdirSync(at('var/lib/gatecast/software')).toSorted()).toEqual([active, 'boot-state.json']);
    const command = readFileSync(at('usr/local/bin/gatecast-agent'), 'utf8');
    expect(command).toContain('slot=$(sed');
  });

  it('goes away, with settings, keys and journal only when that is said', () => {
    install();
    expect(install('--uninstall').status).toBe(0);
    expect(existsSync(at('etc/systemd/system/gatecast-agent.service'))).toBe(false);
    expect(existsSync(at('usr/local/bin/gatecast-agent'))).toBe(false);
    expect(existsSync(at('var/lib/gatecast/data'))).toBe(true);
    expect(install('--uninstall', '--purge').status).toBe(0);
    expect([existsSync(at('etc/gatecast')), existsSync(at('var/lib/gatecast'))]).toEqual([false, false]);
  });

  it('has a unit with a watchdog and the settings of Node that were measured', () => {
    install();
    const text = readFileSync(at('etc/systemd/system/gatecast-agent.service'), 'utf8');
    for (const [name, value] of Object.entries(agentRuntime)) expect(text).toContain(`Environment=${name}=${value}\n`);
    expect(text).toMatch(/^WatchdogSec=60$/m);
    expect(text).toContain(`${process.execPath} ${agentFlags.join(' ')} /opt/gatecast/launcher/`);
  });

  it('has a unit that systemd takes without a complaint, and that is hardened', ({ skip }) => {
    install();
    const unit = at('etc/systemd/system/gatecast-agent.service');
    const analyze = (...args: string[]) => spawnSync('systemd-analyze', [...args, unit], { encoding: 'utf8' });
    const { error, status, stdout, stderr } = analyze('verify', '--man=no');
    if (error) skip(`systemd-analyze cannot be started here (${error.message}): on a machine with systemd it judges`);
    expect([`${stdout}${stderr}`, status]).toEqual(['', 0]);
    const security = analyze('security', '--offline=true', `--threshold=${exposureMax}`, '--no-pager');
    if (/unrecognized option|unknown/i.test(security.stderr))
      skip('systemd before 250 looks at no unit that is not loaded');
    expect(security.status, security.stdout).toBe(0);
  });
});

/** `systemd-analyze security` gives 0 to what may do nothing and 100 to what may do everything. */
const exposureMax = 25;

/**
 * The commands by which the installer changes the disk, replaced: the n-th of all (`CUT_AT`) is left half done and takes the installer with it, as when
 * the power goes.
 */
const cutting = (name: string, half: string) => `#!/bin/sh
read -r n < "$CUT_COUNT"
n=$((n + 1))
echo $n > "$CUT_COUNT"
if [ $n = "$CUT_AT" ]; then ${half}; kill -9 $PPID; exit 137; fi
PATH=$CUT_PATH exec ${name} "$@"
`;
const halves: Readonly<Record<string, string>> = {
  mv: ':',
  sync: ':',
  install: 'for to in "$@"; do :; done; [ "$1" = -d ] || : > "$to"',
  cp: 'for to in "$@"; do :; done; mkdir -p "$to"; echo half > "$to/gatecast-agent.mjs"',
  rm: 'for from in "$@"; do find "$from" -name package.json -delete 2> /dev/null; done',
};

describe('replacing the agent while the power goes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'gatecast-replace-'));
  const bundle = join(dir, 'bundle');
  const shims = join(dir, 'shims');
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const files = [
    'gatecast-agent.mjs',
    'gatecast-agent-launcher.mjs',
    'store-worker.mjs',
    'document-worker.mjs',
    'package.json',
    'screen/index.html',
  ];
  beforeAll(() => {
    for (const file of files) {
      mkdirSync(dirname(join(bundle, file)), { recursive: true });
      writeFileSync(join(bundle, file), 'new');
    }
    cpSync(fileURLToPath(new URL('../../edge-agent/install', import.meta.url)), join(bundle, 'install'), {
      recursive: true,
    });
    mkdirSync(shims);
    for (const [name, half] of Object.entries(halves))
      writeFileSync(join(shims, name), cutting(name, half), { mode: 0o755 });
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  /** A terminal of which slot `active` runs, and the other one holds what ran before. */
  const terminal = (name: string, active: Slot) => {
    const root = join(dir, name);
    const at = places(join(root, 'var/lib/gatecast/software'));
    for (const slot of slots)
      for (const file of files) {
        mkdirSync(dirname(join(at.slot(slot), file)), { recursive: true });
        writeFileSync(join(at.slot(slot), file), slot === active ? 'running' : 'before');
      }
    writeFileSync(at.state, JSON.stringify({ ...freshState, active, floor: '1.0.0' }));
    mkdirSync(join(root, 'opt/gatecast/launcher'), { recursive: true });
    writeFileSync(join(root, 'opt/gatecast/launcher/gatecast-agent-launcher.mjs'), 'running');
    return { root, at };
  };
  const replace = (root: string, cutAt: number) => {
    writeFileSync(join(dir, 'count'), '0\n');
    const cut = { CUT_AT: String(cutAt), CUT_COUNT: join(dir, 'count'), CUT_PATH: path };
    return spawnSync('sh', [join(bundle, 'install', 'install.sh'), '--replace'], {
      encoding: 'utf8',
      env: { ...cut, PATH: cutAt > 0 ? `${shims}${delimiter}${path}` : path, DESTDIR: root, TMPDIR: dir },
    });
  };
  /** What the launcher would start now: the one content of all files of the slot. */
  const started = async (at: Places): Promise<string> => {
    const whole = new Set<Slot>();
    for (const slot of slots) if (await isWhole(at.slot(slot))) whole.add(slot);
    const { boot } = nextBoot(await readBootState(at.state), whole);
    if (!boot) return 'nothing';
    const found = files.map((file) => (existsSync(join(at.slot(boot.slot), file)) ? file : `no ${file}`));
    const contents = files
      .filter((file) => found.includes(file))
      .map((file) => readFileSync(join(at.slot(boot.slot), file), 'utf8'));
    return [...new Set([...contents, ...found.filter((file) => file.startsWith('no '))])].join(', ');
  };

  it.each(slots)(
    'leaves a slot that starts, whole, whichever step it cuts, when slot %s ran',
    { timeout: 120_000 },
    async (active) => {
      let cut = 1;
      for (; ; cut += 1) {
        const { root, at } = terminal(`${active}-${cut}`, active);
        const { status } = replace(root, cut);
        const launcher = readFileSync(join(root, 'opt/gatecast/launcher/gatecast-agent-launcher.mjs'), 'utf8');
        expect(['running', 'new'], `launcher, cut ${cut}`).toContain(launcher);
        const content = await started(at);
        expect(['running', 'new'], `cut ${cut}: ${content}`).toContain(content);
        // The next run ends what was begun.
        expect([replace(root, 0).status, await started(at)]).toEqual([0, 'new']);
        rmSync(root, { recursive: true });
        if (status === 0) break;
      }
      expect(cut).toBeGreaterThan(10);
    },
  );
});
