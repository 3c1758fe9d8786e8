import { stopAll } from '../cluster/processes';
import { collectLogs, provesWith } from '../cluster/suite';
import { say } from '../suite/look';
import { HubBench } from './bench';
import { changeCriteria } from './change-criteria';
import { cullerCriteria } from './culler-criteria';
import { agedLogIn, loginCriteria } from './login-criteria';
import { notebookCriteria } from './notebook-criteria';

const SITES = ['infn-perugia', 'two-experiments'];

afterAll(stopAll);

describe.each(SITES)('%s', (name) => {
  const bench = new HubBench(name);
  const explain = () => {
    say(`logs and events: ${collectLogs(`jupyterhub-${name}`)}`);
  };
  const proves = provesWith(explain);

  beforeAll(async () => {
    try {
      await bench.start();
    } catch (error) {
      explain();
      throw error;
    }
  });
  afterAll(async () => {
    bench.stop();
    await stopAll();
  });

  loginCriteria(proves, bench);
  // The age of a log-in is the same at every site, and long.
  const aged = name === SITES[0] ? agedLogIn(proves, bench) : undefined;
  aged?.begin();
  notebookCriteria(proves, bench);
  aged?.end();
  changeCriteria(proves, bench);
  cullerCriteria(proves, bench);
});
