import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboards } from '../../dashboards/build.ts';
import { findBrowser } from './browser.ts';

/** All that `npm test` does: what needs no program first, so that a slip shows in seconds. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const counts = { passed: 0, failed: 0, skipped: 0 };
/** Said again at the end, where whoever looks at a long log looks first. */
const failures: string[] = [];

function run(title: string, command: string, args: readonly string[]): boolean {
  const started = performance.now();
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, [...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(
    `── ${title}: ${status === 0 ? 'fine' : 'FAILED'} after ${Math.round((performance.now() - started) / 1000)} s`,
  );
  return status === 0;
}

function check(title: string, command: string, args: readonly string[]): void {
  if (run(title, command, args)) counts.passed += 1;
  else {
    counts.failed += 1;
    failures.push(title);
  }
}

/** What we read of vitest's JSON report. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const linesShown = 12;

function failedIn({ testResults }: Report, project: string): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = `${project}: ${relative(root, name)}`;
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}\n${message}`] : [];
    return failed.map(({ fullName, failureMessages }) => {
      const told = failureMessages.join('\n').split('\n').slice(0, linesShown).join('\n');
      return `${file} › ${fullName}\n${told}`;
    });
  });
}

/** Runs one vitest project and adds up its tests. */
function suite(project: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-tests-'));
  const report = join(folder, 'report.json');
  const fine = run(`tests: ${project}`, bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const before = counts.failed;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as Report;
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests;
    counts.skipped += result.numPendingTests + result.numTodoTests;
    failures.push(...failedIn(result, project));
    // The server of the databases ends the process in its own way, and with it goes the status.
    if (fine && result.numFailedTests > 0)
      console.log(`── tests: ${project}: FAILED, ${result.numFailedTests} of them`);
  } catch (error) {
    console.error(`no report of ${project}: ${String(error)}`);
  }
  // A suite that broke outside any test must not pass for want of a failed one.
  if (!fine && counts.failed === before) {
    counts.failed += 1;
    failures.push(`${project}: something outside its tests`);
  }
  rmSync(folder, { recursive: true, force: true });
}

// Of what vitest.config.ts has kept there, nothing is of use once its source has changed.
rmSync(join(root, '.data/compiled'), { recursive: true, force: true });
check('format', bin('oxfmt'), ['--check', '.']);
check('lint', bin('oxlint'), ['--type-aware']);
check('types', bin('tsc'), ['-b']);
check('dead code', bin('knip'), []);
suite('unit');
suite('soak');
suite('program');
console.log('\n── dashboards and browser');
await buildDashboards();
console.log(`browser: ${(await findBrowser()).name}`);
suite('database');
suite('system');

for (const failure of failures) console.log(`\nFAILED ${failure}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
