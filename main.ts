import { mkdirSync } from 'node:fs';
import { check } from './lib/commands/check';
import { clientKit } from './lib/commands/client-kit';
import { reference } from './lib/commands/reference';
import { synth } from './lib/commands/synth';
import type { Terminal } from './lib/commands/terminal';
import { USAGE } from './lib/commands/usage';

const COMMANDS = {
  synth,
  check,
  reference,
  'client-kit': (root: string, args: readonly string[], to: Terminal) =>
    clientKit(root, args, to, new Date().toISOString()),
};

const [verb = 'synth', ...args] = process.argv.slice(2);
const command = Object.entries(COMMANDS).find(([name]) => name === verb)?.[1];
const terminal = {
  say: (text: string) => process.stdout.write(`${text}\n`),
  complain: (text: string) => process.stderr.write(`${text}\n`),
  progress: (text: string) => process.stdout.isTTY && process.stdout.write(`\r\x1b[K${text}`),
};
// cdk8s looks for its own output folder after the app; ours is dist, which it must not touch.
if (process.env['CDK8S_OUTDIR'] !== undefined) mkdirSync(process.env['CDK8S_OUTDIR'], { recursive: true });

try {
  if ([verb, ...args].some((word) => ['help', '--help', '-h'].includes(word))) terminal.say(USAGE);
  else if (command) process.exitCode = command(process.cwd(), args, terminal);
  else {
    terminal.complain(`There is no command ${verb}.\n\n${USAGE}`);
    process.exitCode = 2;
  }
} catch (error) {
  if (error instanceof Error && 'syscall' in error) {
    terminal.complain(`${error.message}. This run is not complete.`);
    process.exit(1);
  }
  terminal.complain(
    'This is a defect of the generator, not of a site. Please report it with the text below.',
  );
  throw error;
}
