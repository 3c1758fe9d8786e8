/**
 * `npm run parity`: compares dist with upstream's rendered objects.
 *
 * The tool and the facts of upstream's renders stand beside the repository, not in it. Sites that run more replicas
 * than upstream differ in that on purpose, so each component is compared on sites that do not.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { RELEASE as CERT_MANAGER } from '../lib/cert-manager/release';
import { RELEASE as JUPYTERHUB } from '../lib/jupyterhub/release';
import { RELEASE as LONGHORN } from '../lib/longhorn/release';

const COMPARED = [
  {
    component: 'cert-manager',
    version: CERT_MANAGER.version,
    allowed: 12,
    sites: ['single-node', 'infn-perugia'],
  },
  {
    component: 'longhorn',
    version: LONGHORN.version,
    allowed: 25,
    sites: ['single-node', 'infn-perugia', 'two-experiments'],
  },
  {
    component: 'jupyterhub',
    version: `z2jh-${JUPYTERHUB.version}`,
    allowed: 60,
    // The network policies are ours: upstream's open private networks and know no IPv6.
    options: ['--drop', '^NetworkPolicy/'],
    // Upstream's render has an Ingress.
    sites: ['single-node'],
  },
];

const root = path.join(__dirname, '..');
const shared = process.argv[2] ?? path.join(root, '..', 'shared');
if (!existsSync(shared)) {
  console.error(
    `${shared}: not there. Usage: npm run parity -- <folder with tools/parity.mjs and reference/>`,
  );
  process.exit(2);
}

let failed = 0;
for (const { component, version, allowed, sites, options = [] } of COMPARED) {
  for (const site of sites) {
    const facts = path.join(shared, 'reference', `${component}-${version}.facts.json`);
    const limits = [
      '--min',
      '100',
      '--max-allowed',
      String(allowed),
      '--allow',
      `lib/${component}/parity.allow.json`,
      ...options,
    ];
    const args = [
      path.join(shared, 'tools', 'parity.mjs'),
      'check',
      facts,
      `dist/${site}/${component}`,
      ...limits,
    ];
    console.log(`${site}/${component}`);
    if (spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed += 1;
  }
}
const total = COMPARED.flatMap(({ sites }) => sites).length;
console.log(`parity: ${String(total - failed)} of ${String(total)} comparisons hold`);
process.exitCode = failed === 0 ? 0 : 1;
