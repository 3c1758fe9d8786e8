import { conf } from './conf';

/**
 * Discovery of the GPUs that the pod was given, whole or MIG: their model, memory and capability go into the slot, so
 * that jobs can ask for them.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/ep-policy-configuration.html
 */
export function gpuConfig(): string {
  return conf('GPUs of the worker', ['use FEATURE:GPUs(-extra)']);
}
