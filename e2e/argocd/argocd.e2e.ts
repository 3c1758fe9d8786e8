import { SITES } from '../api/dist';
import { stopAll } from '../cluster/processes';
import { requireDefinitions } from '../suite/definitions';
import { say } from '../suite/look';
import { prepare } from './argocd';
import { arrivalCriteria } from './arrival-criteria';
import { ArgocdBench } from './bench';
import { changeCriteria } from './change-criteria';
import { removalCriteria } from './removal-criteria';

beforeAll(async () => {
  requireDefinitions();
  await prepare(say);
});
afterAll(stopAll);

describe.each(SITES)('%s', (name) => {
  const bench = new ArgocdBench(name);

  beforeAll(() => bench.start());
  afterAll(() => {
    bench.stop();
  });

  arrivalCriteria(bench);
  changeCriteria(bench);
  removalCriteria(bench);
});
