import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { listAt, textAt } from '../../lib/kubernetes/read';
import { kubectl } from '../cluster/kubectl';
import { collectLogs, provesWith, type Proves } from '../cluster/suite';
import { say } from '../suite/look';
import { EXECUTE_NAMESPACE, NAMESPACE, run } from './pool';

/**
 * @param suite names the folder of what explains a failure
 * @param cleanUp what is done after a failure, when all has been gathered
 */
export function provesFor(suite: string, cleanUp: () => void = () => undefined): Proves {
  return provesWith(() => {
    sayWhere(suite);
    cleanUp();
  });
}

/** Gathers logs of the cluster and of HTCondor's daemons, and says where they are. */
export function sayWhere(suite: string): void {
  const folder = collectLogs(suite);
  for (const namespace of [NAMESPACE, EXECUTE_NAMESPACE]) {
    const { status, out } = kubectl(['get', 'pods', `--namespace=${namespace}`, '--output=json']);
    for (const object of status === 0 ? listAt(JSON.parse(out), 'items') : []) {
      const pod = textAt(object, 'metadata', 'name') ?? '';
      const [container] = listAt(object, 'spec', 'containers');
      const place = { namespace, pod, container: textAt(container, 'name') ?? '' };
      const logs = run(place, 'cd /var/log/condor && tail -n 2000 *Log StarterLog.*');
      writeFileSync(path.join(folder, `condor_${pod}.log`), `${logs.out}${logs.err}`);
    }
  }
  say(`logs and events: ${folder}`);
}
