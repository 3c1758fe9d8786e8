import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { runFolder } from '../cluster/cache';
import { publicCa } from '../cluster/public-ca';
import type { World } from '../jupyterhub/world';

const PROGRAM = '/usr/bin/chromium';
const CERTUTIL = '/usr/bin/certutil';

/**
 * Debian's Chromium where visitors are: it reaches what they reach, knows the names that they know, and trusts the
 * authority that they trust, in the store of certificates that it has on every Linux.
 *
 * @throws Error when the machine lacks a program
 */
export async function startChromium({ outside }: World): Promise<Browser> {
  const missing = [PROGRAM, CERTUTIL].filter((program) => !existsSync(program));
  if (missing.length > 0)
    throw new Error(`missing on this machine: ${missing.join(', ')} (Debian: chromium, libnss3-tools)`);
  const home = runFolder('chromium');
  rmSync(home, { recursive: true });
  const store = path.join(home, '.pki', 'nssdb');
  mkdirSync(store, { recursive: true });
  const certutil = (...args: readonly string[]) => execFileSync(CERTUTIL, ['-d', `sql:${store}`, ...args]);
  certutil('-N', '--empty-password');
  certutil('-A', '-n', 'authority of the tests', '-t', 'C,,', '-i', publicCa());
  const program = path.join(home, 'chromium-outside');
  writeFileSync(program, `#!/bin/sh\nexec nsenter --net=/run/netns/${outside.network} ${PROGRAM} "$@"\n`);
  chmodSync(program, 0o755);
  const names = Object.entries(outside.hosts).map(
    ([name, { host, port }]) => `MAP ${name}:443 ${host}:${String(port)}`,
  );
  return chromium.launch({
    executablePath: program,
    env: { ...process.env, HOME: home },
    // The sandbox of Chromium is not for root, and it is root who may enter a network namespace.
    args: ['--no-sandbox', `--host-resolver-rules=${[...names, 'MAP * ~NOTFOUND'].join(', ')}`],
  });
}
