import { createHash } from 'node:crypto';
import { title } from '../kubernetes/object';
import { at, everyMapping, labelsAt, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

const HASH = 'analysis-facility/config-sha256';

export const hubRestart: Check = {
  id: 'AF-JH-41',
  why: 'A hub that does not restart runs its old configuration; a proxy that does cuts off every notebook.',
  needs: 'jupyterhub',
  look(output) {
    const deployments = ofKind(output, 'Deployment').filter(
      ({ metadata }) => metadata.namespace === 'jupyterhub' && ['hub', 'proxy'].includes(metadata.name),
    );
    const map = ofKind(output, 'ConfigMap').find((each) => textAt(each, 'data', 'af.json') !== undefined);
    const data = Object.entries(labelsAt(map, 'data')).sort(([a], [b]) => (a < b ? -1 : 1));
    const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex');
    return deployments.map((deployment) => {
      const stated = labelsAt(deployment, 'spec', 'template', 'metadata', 'annotations')[HASH];
      const mountsMap = [...everyMapping(at(deployment, 'spec', 'template', 'spec'))].some(
        (each) => 'configMap' in each,
      );
      const isHub = deployment.metadata.name === 'hub';
      return {
        subject: title(deployment),
        problems: isHub
          ? stated === hash
            ? []
            : ['its annotation is not the hash of its configuration']
          : stated === undefined && !mountsMap
            ? []
            : ['changes with the configuration of the hub'],
      };
    });
  },
};
