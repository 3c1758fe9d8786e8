import { readSite } from '../cluster/cluster';
import { stopAll } from '../cluster/processes';
import { memberOf, startBench, type Bench } from './bench';
import { sayFigures } from './figures';
import { proveFlows } from './flows';
import { outsideCriteria } from './outside-criteria';
import { permissionsIn } from './pool';
import { provesFor } from './proves';
import { INSECURE, securityCriteria } from './security-criteria';

const SITE = 'infn-perugia';
const SUITE = `htcondor-${SITE}`;

let bench: Bench;
const proves = provesFor(SUITE);

beforeAll(async () => {
  bench = await startBench(SUITE, readSite(SITE), { pools: ['ccb', 'schedd', 'workers'] });
});
afterAll(async () => {
  sayFigures(`figures of ${SITE}`);
  await stopAll();
});

describe(SITE, () => {
  securityCriteria(proves, () => bench);
  outsideCriteria(proves, () => bench);
  proveFlows(proves, () => bench);

  proves('A4 the collector, open to the outside here, lets readers look and do nothing else', () => {
    const { client } = bench;
    const alice = memberOf(bench, 'cms', 'alice');
    const table = client.run(alice, 'condor_ping -type collector -table ALL').out;
    const allowed = permissionsIn(table).filter((row) => row.allowed);
    expect(allowed.map(({ name }) => name)).toEqual(['READ']);
    expect(client.must(alice, 'condor_status -af Machine')).toContain('execute-workers-');
    for (const insecure of Object.values(INSECURE)) {
      const { out } = client.run(alice, 'condor_ping -type collector -table READ', insecure);
      expect(permissionsIn(out).map((row) => row.allowed)).toEqual([false]);
    }
  });
});
