import { SECRETS } from '../htcondor/release';
import { title } from '../kubernetes/object';
import { everyMapping, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

/** Which workloads may mount a key that signs tokens. */
const HOLDERS: Readonly<Record<string, RegExp>> = {
  [SECRETS.signingKey.name]: /^central-manager$/,
  [SECRETS.hubKey.name]: /^(?:access-point-|hub$)/,
  [SECRETS.monitorKey.name]: /^(?:access-point-|central-manager$)/,
};

export const signingKeys: Check = {
  id: 'AF-HTC-41',
  why: 'Who has the signing key of a pool is whoever he likes in it: it belongs on the central manager alone, and the key of the hub on the hub and on access points.',
  needs: 'htcondor',
  look: (output) =>
    ofKind(output, 'Deployment', 'StatefulSet', 'DaemonSet')
      .filter(({ metadata }) => /^(?:htcondor|jupyterhub)/.test(metadata.namespace ?? ''))
      .map((workload) => {
        const secrets = [...everyMapping(workload)].flatMap((mapping) => [
          textAt(mapping, 'secret', 'secretName') ?? '',
          textAt(mapping, 'secret', 'name') ?? '',
          textAt(mapping, 'secretKeyRef', 'name') ?? '',
        ]);
        return {
          subject: title(workload),
          problems: [
            ...[...new Set(secrets)].flatMap((secret) =>
              HOLDERS[secret]?.test(workload.metadata.name) === false ? [`mounts ${secret}`] : [],
            ),
            // Access points have that key: with it they could make daemons.
            ...(secrets.includes(SECRETS.signingKey.name) && secrets.includes(SECRETS.monitorKey.name)
              ? [`mounts ${SECRETS.monitorKey.name} beside the key of the pool`]
              : []),
          ],
        };
      }),
};
