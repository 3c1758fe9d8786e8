import { mapping, namespaceName } from '../field';

/** The monitoring that the cluster has. */
export const monitoring = mapping(
  {
    description: 'Monitoring that the cluster has already.',
    example: { prometheus: { namespace: 'monitoring' } },
  },
  {
    prometheus: mapping(
      { description: 'The Prometheus that scrapes the facility.', example: { namespace: 'monitoring' } },
      {
        namespace: namespaceName({
          description:
            'Its namespace: pods there may read the metrics of the facility (`kubectl get prometheus -A`).',
          example: 'monitoring',
        }),
      },
    ),
  },
);
