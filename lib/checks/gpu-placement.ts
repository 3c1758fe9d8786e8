import { title } from '../kubernetes/object';
import { at, labelsAt, listAt } from '../kubernetes/read';
import { ofKind, templateOf, type Check } from './check';
import { gpuNodes, isGuarded, isOpenTo } from './gpu-nodes';

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
      const nodes = gpuNodes(output, labelsAt(pod, 'nodeSelector')).filter(
        isOpenTo(listAt(pod, 'tolerations')),
      );
      const guarded = nodes.filter((each) => isGuarded(output, each));
      const selects = 'nvidia.com/gpu.product' in labelsAt(pod, 'nodeSelector');
      return {
        subject: title(workload),
        problems: asks
          ? [
              ...(selects ? [] : ['asks for a GPU of any model']),
              ...(nodes.length > 0 ? [] : ['asks for a GPU and does not tolerate the taints of its nodes']),
            ]
          : [...(guarded.length > 0 ? ['tolerates GPU nodes and asks for no GPU'] : [])],
      };
    }),
};

function limits(container: unknown): object {
  const found = at(container, 'resources', 'limits');
  return typeof found === 'object' && found !== null ? found : {};
}
