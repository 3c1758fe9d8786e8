import { mapping, namespaceName } from '../field';

/** The autoscaler that the cluster has. */
export const autoscaling = mapping(
  {
    description: 'What the cluster has that starts workers for idle jobs. Absent: pools keep their size.',
    example: { keda: { namespace: 'keda' } },
  },
  {
    keda: mapping(
      {
        description:
          'KEDA, which the cluster has already (`kubectl get crd scaledjobs.keda.sh`); docs/admin/scaling.md says which version.',
        example: { namespace: 'keda' },
      },
      {
        namespace: namespaceName({
          description:
            'Its namespace: pods there may ask the pool for its demand (`kubectl get deployments -A | grep keda-operator`).',
          example: 'keda',
        }),
      },
    ),
  },
);
