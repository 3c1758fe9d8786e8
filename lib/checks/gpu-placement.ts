import { title } from '../kubernetes/object';
import { at, labelsAt, listAt } from '../kubernetes/read';
import { ofKind, templateOf, type Check } from './check';

const GPU = /^nvidia\.com\/(?:gpu|mig-)/;

export const gpuPlacement: Check = {
  id: 'AF-GPU-40',
  why: 'A pod that asks for a GPU without selector and toleration lands on another card or nowhere, and one with them that asks for none takes the place of one that does.',
  look: (output) =>
    ofKind(output, 'Deployment', 'StatefulSet', 'ScaledJob').map((workload) => {
      const pod = at(templateOf(workload), 'spec');
      const asks = listAt(pod, 'containers').some((container) =>
        Object.keys(limits(container)).some((resource) => GPU.test(resource)),
      );
      const tolerates = listAt(pod, 'tolerations').some(({ key }) => GPU.test(String(key)));
      const selects = 'nvidia.com/gpu.product' in labelsAt(pod, 'nodeSelector');
      return {
        subject: title(workload),
        problems: asks
          ? [
              ...(selects ? [] : ['asks for a GPU of any model']),
              ...(tolerates ? [] : ['asks for a GPU and does not tolerate the taint of its nodes']),
            ]
          : [...(tolerates ? ['tolerates GPU nodes and asks for no GPU'] : [])],
      };
    }),
};

function limits(container: unknown): object {
  const found = at(container, 'resources', 'limits');
  return typeof found === 'object' && found !== null ? found : {};
}
