import { applyObjects } from './kubectl';

const NAME = 'e2e-small-machine';

/** One change of each container of a pod that is made. */
const mutation = (condition: string, field: string, value: string) => ({
  patchType: 'JSONPatch',
  jsonPatch: {
    expression: `object.spec.containers.transformList(i, c, ${condition}, JSONPatch{op: "add", path: "/spec/containers/" + string(i) + "/${field}", value: "${value}"})`,
  },
});
const asks = (resource: string) =>
  `has(c.resources) && has(c.resources.requests) && "${resource}" in c.resources.requests`;
const initMutation = {
  patchType: 'JSONPatch',
  jsonPatch: {
    expression:
      'has(object.spec.initContainers) ? object.spec.initContainers.transformList(i, c, true, JSONPatch{op: "add", path: "/spec/initContainers/" + string(i) + "/imagePullPolicy", value: "IfNotPresent"}) : []',
  },
};

/**
 * What is applied stays as it is; its pods are fitted to a small machine without a registry: nothing is pulled that is
 * there, and requests of cores, memory and disk are shrunk so that all fits. Limits and devices stay.
 */
export function fitPodsToMachine(): void {
  applyObjects([
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: NAME },
      spec: {
        failurePolicy: 'Fail',
        reinvocationPolicy: 'IfNeeded',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
          ],
        },
        mutations: [
          mutation('true', 'imagePullPolicy', 'IfNotPresent'),
          initMutation,
          mutation(asks('cpu'), 'resources/requests/cpu', '1m'),
          mutation(asks('memory'), 'resources/requests/memory', '1Mi'),
          mutation(asks('ephemeral-storage'), 'resources/requests/ephemeral-storage', '1Mi'),
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: NAME },
      spec: { policyName: NAME },
    },
  ]);
}
