import { k8s } from 'cdk8s-plus-27';
import type { Bytes, Cpu } from './quantity';

/** What a container asks for and may use at most. */
export interface Resources {
  readonly requests: { readonly cpu: Cpu; readonly memory: Bytes };
  readonly limits: {
    readonly memory: Bytes;
    /** @default the container may use whatever processor time the node has left */
    readonly cpu?: Cpu;
  };
}

/** The same as an L1 literal. */
export function resourceRequirements(resources: Resources): k8s.ResourceRequirements {
  const quantity = (value: Bytes | Cpu) => k8s.Quantity.fromString(value.text);
  return {
    requests: { cpu: quantity(resources.requests.cpu), memory: quantity(resources.requests.memory) },
    limits: {
      memory: quantity(resources.limits.memory),
      ...(resources.limits.cpu ? { cpu: quantity(resources.limits.cpu) } : {}),
    },
  };
}
