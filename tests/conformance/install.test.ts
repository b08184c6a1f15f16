import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentRuntime, bundleAgent, type AgentBundle } from '../../edge-agent/bundle.ts';

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
    expect([existsSync(boot), existsSync(join(slot, 'later'))]).toEqual([false, false]);
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

  it('has a unit that systemd takes, with a watchdog and the heap that was measured', () => {
    install();
    const unit = at('etc/systemd/system/gatecast-agent.service');
    const text = readFileSync(unit, 'utf8');
    for (const [name, value] of Object.entries(agentRuntime)) expect(text).toContain(`Environment=${name}=${value}\n`);
    expect(text).toMatch(/^WatchdogSec=60$/m);
    const { error, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    // Without systemd nobody here can say; on a machine that has it, it must have no complaint.
    if (!error) expect(`${stdout}${stderr}`).not.toContain('gatecast-agent.service');
  });
});
