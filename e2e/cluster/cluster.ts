/** `npm run cluster -- build [extra…] | up <site> [--real] | down | status | logs`: a real Kubernetes on this machine. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSite } from '../../lib/site/parse';
import { problemText } from '../../lib/site/problem';
import type { Site } from '../../lib/site/schema';
import { buildPrograms } from './build';
import { GIVEN_KUBECONFIG, KUBECONFIG } from './cache';
import { startControlPlane, startSimulation } from './control-plane';
import { applyObjects, mustKubectl } from './kubectl';
import { smaller } from './network';
import { simulatedNodes } from './nodes';
import { buildReal, upReal } from './real';
import { logEnd, programs, stopAll } from './processes';
import { gatewayDefinitions } from '../suite/definitions';
import { CLUSTER, EXTRAS, type Extra } from './versions';

const ROOT = path.join(__dirname, '..', '..');

export function readSite(name: string): Site {
  const file = `sites/${name}/site.yaml`;
  const parsed = parseSite({ file, folder: name, bytes: readFileSync(path.join(ROOT, file)) });
  if ('site' in parsed) return parsed.site;
  throw new Error(parsed.problems.map(problemText).join('\n'));
}

/** A fresh cluster of simulated nodes, shaped by a site: its service network and its nodes. A cluster that is given is taken as it is. */
export async function up(site: Site, say: (text: string) => void): Promise<void> {
  if (GIVEN_KUBECONFIG !== undefined) {
    mustKubectl(['get', '--raw', '/readyz']);
    say(`the cluster of ${GIVEN_KUBECONFIG} is taken as it is`);
    return;
  }
  await buildPrograms([CLUSTER], say);
  const [serviceCidr = '10.96.0.0/16'] = site.cluster.serviceCIDRs;
  await stopAll();
  // The API server takes no IPv4 network that is larger.
  await startControlPlane({ serviceCidr: smaller(serviceCidr, 12) });
  startSimulation({ provisions: true });
  const nodes = simulatedNodes(site.nodePools);
  applyObjects(nodes);
  mustKubectl(['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=60s']);
  say(`a cluster of ${String(nodes.length)} simulated nodes is up: KUBECONFIG=${KUBECONFIG}`);
}

const isExtra = (name: string): name is Extra => name in EXTRAS;

async function main([verb, ...args]: readonly string[]): Promise<number> {
  const [name, option] = args;
  const say = (text: string) => {
    console.log(text);
  };
  switch (verb) {
    case 'build':
      if (!args.every(isExtra)) break;
      await buildReal(args, say);
      gatewayDefinitions();
      return 0;
    case 'up':
      if (name === undefined || (option !== undefined && option !== '--real')) break;
      if (option === '--real') await upReal(readSite(name), {}, say);
      else await up(readSite(name), say);
      return 0;
    case 'down':
      await stopAll();
      return 0;
    case 'status':
      for (const { name: program, running } of programs()) say(`${running ? 'runs ' : 'ended'}  ${program}`);
      return programs().length > 0 && programs().every(({ running }) => running) ? 0 : 1;
    case 'logs':
      for (const { name: program } of programs()) say(`===== ${program}\n${logEnd(program)}`);
      return 0;
  }
  console.error(
    `Usage: npm run cluster -- build [${Object.keys(EXTRAS).join(' ')}] | up <site> [--real] | down | status | logs`,
  );
  return 2;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
