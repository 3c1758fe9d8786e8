import { dictionary, httpsUrl, labelKey, labelValue, mapping, namespaceName, truth } from '../field';

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
        operator: truth({
          description:
            'Whether the Prometheus operator runs it (`kubectl get crd servicemonitors.monitoring.coreos.com`): then monitors and alerts are installed as its objects. With false the ports are open to the namespace, and what is scraped is said elsewhere.',
          example: true,
        }).default(true),
        labels: dictionary(
          {
            description:
              'Labels by which it chooses monitors and rules (`kubectl get prometheus -A -o jsonpath="{..serviceMonitorSelector} {..ruleSelector}"`). Absent: it takes all.',
            example: { release: 'kube-prometheus-stack' },
          },
          labelKey({ description: 'A label key.', example: 'release' }),
          labelValue({ description: 'A label value.', example: 'kube-prometheus-stack' }),
        ).default({}),
      },
    ),
    runbooks: httpsUrl({
      description:
        'Where people read the folder docs/runbooks of this repository: alerts lead there. Absent: they name the file.',
      example: 'https://git.example.org/af/sites/-/blob/main/docs/runbooks',
    }).optional(),
  },
);
