import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import YAML from 'yaml';
import { promtoolTests, type AlertCase } from './alert-cases';

const PROMTOOL = '/usr/bin/promtool';

/** What promtool holds against rules, when it plays the cases to them. */
export function alertTests(spec: unknown, cases: readonly AlertCase[]): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'alerts-'));
  try {
    const [rules, tests] = ['rules.yaml', 'tests.yaml'].map((file) => path.join(folder, file));
    writeFileSync(rules ?? '', YAML.stringify(spec));
    writeFileSync(tests ?? '', YAML.stringify(promtoolTests(rules ?? '', cases)));
    const { status, stdout, stderr, error } = spawnSync(PROMTOOL, ['test', 'rules', tests ?? ''], {
      encoding: 'utf8',
    });
    if (error) throw error;
    return status === 0 ? [] : [`${stdout}${stderr}`.trim()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
