import { readSite } from '../cluster/cluster';
import { stopAll } from '../cluster/processes';
import { startBench, usersOf, type Bench } from './bench';
import { brokenCriteria } from './broken';
import { credentialCriteria } from './credentials';
import { sayFigures } from './figures';
import { proveFlows } from './flows';
import { outsideCriteria } from './outside-criteria';
import { provesFor } from './proves';
import { recoveryCriteria } from './recovery';
import { securityCriteria } from './security-criteria';
import { separationCriteria } from './separation';
import { sharingCriteria } from './sharing';

const SITE = 'two-experiments';
const SUITE = `htcondor-${SITE}`;
/** Nodes that are real; the others of the site are simulated. */
const REAL_POOLS = ['core', 'cpu', 'gpu-a100'];

let started: Bench;
const bench = () => started;
const proves = provesFor(SUITE, () => {
  // What a failed test leaves would be in the way of the next.
  const { alice, carol } = usersOf(bench);
  for (const user of [alice(), carol()]) started.client.run(user, 'condor_rm -all');
});

beforeAll(async () => {
  process.stderr.write('GPUs are played: HTCondor discovers two A100 where there are none\n');
  started = await startBench(SUITE, readSite(SITE), { pools: REAL_POOLS });
});
afterAll(async () => {
  sayFigures(`figures of ${SITE}`);
  await stopAll();
});

describe(SITE, () => {
  securityCriteria(proves, bench);
  outsideCriteria(proves, bench);
  proveFlows(proves, bench);
  separationCriteria(proves, bench);
  recoveryCriteria(proves, bench);
  credentialCriteria(proves, bench);
  sharingCriteria(proves, bench);
  brokenCriteria(proves, bench);
});
