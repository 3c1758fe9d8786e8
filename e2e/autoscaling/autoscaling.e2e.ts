import { readSite } from '../cluster/cluster';
import { stopAll } from '../cluster/processes';
import { startBench, usersOf, type Bench } from '../htcondor/bench';
import { sayFigures } from '../htcondor/figures';
import { provesFor } from '../htcondor/proves';
import { exporterCriteria } from './exporter';
import { scalingCriteria } from './scaling';

const SITE = 'two-experiments';
const SUITE = 'autoscaling';

let started: Bench;
const bench = () => started;
const proves = provesFor(SUITE, () => {
  // What a failed test leaves would be in the way of the next.
  const { alice } = usersOf(bench);
  started.client.run(alice(), 'condor_rm -all');
});

beforeAll(async () => {
  started = await startBench(SUITE, readSite(SITE), {
    pools: ['core', 'cpu', 'gpu-a100'],
    extras: ['keda'],
  });
});
afterAll(async () => {
  sayFigures(`figures of ${SUITE}`);
  await stopAll();
});

describe('the exporter', () => {
  exporterCriteria(proves, bench);
});
describe('with KEDA', () => {
  scalingCriteria(proves, bench);
});
