import { listAt, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';
import { tolerates } from './gpu-nodes';

export const longhornTaints: Check = {
  id: 'AF-LH-04',
  why: 'A node whose taint Longhorn does not tolerate mounts no volume: pods there hang while they start.',
  look(output) {
    const managers = ofKind(output, 'DaemonSet').filter(
      ({ metadata }) => metadata.name === 'longhorn-manager',
    );
    const settings = ofKind(output, 'ConfigMap').find(
      ({ metadata }) => metadata.name === 'longhorn-default-setting',
    );
    const text =
      /^taint-toleration: "(.*)"$/m.exec(textAt(settings, 'data', 'default-setting.yaml') ?? '')?.[1] ?? '';
    return managers.flatMap((manager) =>
      output.taints.map((taint) => {
        const tolerated = tolerates(listAt(manager, 'spec', 'template', 'spec', 'tolerations'), taint);
        const { key, value, effect } = taint;
        const written = `${key}${value === undefined ? '' : `=${value}`}:${effect}`;
        return {
          subject: `taint ${written}`,
          problems: [
            ...(tolerated ? [] : ['the DaemonSet longhorn-manager does not tolerate it']),
            ...(text.split(';').includes(written) ? [] : ['the setting taint-toleration does not list it']),
          ],
        };
      }),
    );
  },
};
