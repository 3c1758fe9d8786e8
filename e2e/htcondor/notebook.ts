import { applyObjects, mustKubectl, type Answer } from '../cluster/kubectl';
import { IMAGES, PORT } from '../../lib/htcondor/release';
import type { Bench } from './bench';
import { NAMESPACE, run, type Place } from './pool';

const PLACE: Place = { namespace: 'jupyterhub-users', pod: 'e2e-notebook', container: 'notebook' };
const LABELS = { 'e2e/notebook': 'true' };

export interface Notebook {
  /** Runs a shell script with HTCondor's tools and a token. */
  run(token: string, script: string): Answer;
}

/** A pod among those of users, with HTCondor's tools and the address of the access point. */
export function startNotebook({ pool }: Bench): Notebook {
  const { namespace, pod: name, container } = PLACE;
  const service = `${pool.accessPoint.pod.replace(/-0$/, '')}.${NAMESPACE}.svc.cluster.local`;
  applyObjects([
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      // What a pod of a user may do is the hub's to say; this one is the suite's.
      spec: {
        podSelector: { matchLabels: LABELS },
        policyTypes: ['Egress'],
        egress: [
          {
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 53, protocol: 'TCP' },
            ],
          },
          {
            to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAMESPACE } } }],
            ports: [{ port: PORT, protocol: 'TCP' }],
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: LABELS },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 1,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: container,
            image: IMAGES.accessPoint,
            imagePullPolicy: 'IfNotPresent',
            command: ['sleep', 'infinity'],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            resources: { requests: { cpu: '5m', memory: '32Mi' }, limits: { memory: '512Mi' } },
          },
        ],
      },
    },
  ]);
  mustKubectl(['wait', '--for=condition=Ready', `pod/${name}`, `--namespace=${namespace}`, '--timeout=60s']);
  const settings = {
    SCHEDD_HOST: `${service}:${String(PORT)}`,
    SEC_CLIENT_AUTHENTICATION: 'REQUIRED',
    SEC_CLIENT_ENCRYPTION: 'REQUIRED',
    SEC_CLIENT_INTEGRITY: 'REQUIRED',
    SEC_CLIENT_AUTHENTICATION_METHODS: 'IDTOKENS',
    SEC_TOKEN_DIRECTORY: '/tmp/tokens.d',
  };
  const exported = Object.entries(settings).map(([key, value]) => `_condor_${key}=${value}`);
  return {
    run: (token, script) =>
      run(
        PLACE,
        `umask 077; mkdir -p /tmp/tokens.d; printf %s '${token}' > /tmp/tokens.d/token
export HOME=/tmp ${exported.join(' ')}; ${script}`,
      ),
  };
}
