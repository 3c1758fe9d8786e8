import { bytes, cpu, mapping, wholeNumber } from '../field';

/** Fields of a container's resources, with what holds when the site says nothing. */
export function resources(defaults: { cpu: string; memory: string; memoryLimit: string }) {
  const example = {
    requests: { cpu: defaults.cpu, memory: defaults.memory },
    limits: { memory: defaults.memoryLimit },
  };
  const both = mapping(
    { description: 'What a container asks for and may use at most.', example },
    {
      requests: mapping(
        { description: 'What the scheduler keeps free for it.', example: example.requests },
        {
          cpu: cpu({ description: 'Cores.', example: defaults.cpu }, 64).prefault(defaults.cpu),
          memory: bytes({ description: 'Memory.', example: defaults.memory }).prefault(defaults.memory),
        },
      ).prefault({}),
      limits: mapping(
        { description: 'More than this ends the container.', example: example.limits },
        {
          memory: bytes({ description: 'Memory.', example: defaults.memoryLimit }).prefault(
            defaults.memoryLimit,
          ),
        },
      ).prefault({}),
    },
  );
  return both.prefault({});
}

/** Replicas and resources of one Deployment. */
export function workload(
  description: string,
  replicas: number,
  defaults: { cpu: string; memory: string; memoryLimit: string },
) {
  return mapping(
    { description, example: { replicas: 2 } },
    {
      replicas: wholeNumber(
        { description: 'Pods; more than one survive the loss of a node.', example: 2 },
        { min: 1, max: 10 },
      ).default(replicas),
      resources: resources(defaults),
    },
  ).prefault({});
}
