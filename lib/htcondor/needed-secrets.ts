import type { NeededSecret } from '../kubernetes/needed-secret';
import { EXECUTE_NAMESPACE, NAMESPACE, SECRETS, type DaemonMethod } from './release';

export interface SecretNeeds {
  readonly site: string;
  readonly method: DaemonMethod;
  /** Whether notebooks submit jobs. */
  readonly hub: boolean;
  /** Whether an exporter looks at the pool. */
  readonly monitored: boolean;
}

const made = (site: string) =>
  `Made by: npm run pool-secrets -- ${site} --out <folder outside the repository>`;

/** The key of the hub, in the hub's own namespace. */
export function hubKeySecret(site: string, namespace: string): NeededSecret {
  const { name, key } = SECRETS.hubKey;
  return {
    namespace,
    name,
    keys: [key],
    purpose: `The hub signs the tokens of notebooks with it. ${made(site)}`,
  };
}

/** Secrets that an admin makes before the pool works, each with who reads it; one command makes them all. */
export function neededSecrets({ site, method, hub, monitored }: SecretNeeds): NeededSecret[] {
  const secret = (namespace: string, { name, key }: { name: string; key: string }, purpose: string) => ({
    namespace,
    name,
    keys: [key],
    purpose: `${purpose} ${made(site)}`,
  });
  const daemons =
    method === 'password'
      ? [
          secret(NAMESPACE, SECRETS.poolPassword, 'Central manager and access points know each other by it.'),
          secret(EXECUTE_NAMESPACE, SECRETS.poolPassword, 'Workers are known by it.'),
        ]
      : [
          secret(
            NAMESPACE,
            SECRETS.signingKey,
            'The central manager, and nobody else, checks tokens with it.',
          ),
          secret(
            NAMESPACE,
            SECRETS.accessPointToken,
            'Access points are known to the pool by it; it ends after 90 days.',
          ),
          secret(
            EXECUTE_NAMESPACE,
            SECRETS.executeToken,
            'Workers are known to the pool by it; it ends after 90 days.',
          ),
        ];
  return [
    ...daemons,
    ...(hub
      ? [secret(NAMESPACE, SECRETS.hubKey, 'Access points check the tokens of notebooks with it.')]
      : []),
    ...(monitored && method === 'idtokens'
      ? [
          secret(
            NAMESPACE,
            SECRETS.monitorToken,
            'The exporter looks at the collector with it, and may do nothing else; it ends after 90 days.',
          ),
        ]
      : []),
    ...(monitored
      ? [
          secret(
            NAMESPACE,
            SECRETS.monitorQueueToken,
            'The exporter looks at the queues with it, and may do nothing else; it ends after 90 days.',
          ),
          secret(NAMESPACE, SECRETS.monitorKey, 'The token for the queues is checked with it.'),
        ]
      : []),
  ];
}
