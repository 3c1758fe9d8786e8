import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { at, listAt, textAt } from '../../lib/kubernetes/read';
import { componentsInOrder, objectsOf } from '../api/dist';
import { readSite } from '../cluster/cluster';
import { startEntrance } from '../cluster/entrance';
import { missingImages } from '../cluster/images/missing';
import { applyObjects, kubectl, mustKubectl } from '../cluster/kubectl';
import type { NetworkPlan } from '../cluster/network';
import { planNodes } from '../cluster/node-plan';
import { stopAll } from '../cluster/processes';
import { outsideClient, upReal, type OutsideClient } from '../cluster/real';
import { applyDist, collectLogs, inPod, provesWith, rolledOut, waitFor } from '../cluster/suite';
import { define, pinnedDefinitions } from '../suite/definitions';
import { say } from '../suite/look';
import { read, readAll } from '../suite/objects';
import { certificate, certificateOf, expectSignedBy, x509 } from './certificates';
import { otherNamespaces } from './declared-flows';
import { plantFaults } from './faults';
import { proveJobContainers } from './job-containers';
import { provePlacement } from './placement';
import { placeObjects, tableOfFlows, tryFlows, undeclared, type Tried } from './platform-flows';
import { namespace, OWN, probePod, waitReady, type Running } from './pods';
import { provePolicyEngine } from './policy-engine';
import { proveVolumes } from './volumes';

const SITES = ['infn-perugia', 'two-experiments'];

afterAll(stopAll);

describe.each(SITES)('%s', (name) => {
  const site = readSite(name);
  const dist = componentsInOrder(name).flatMap((component) => objectsOf(name, component));
  let network: NetworkPlan;
  const running: Running = { site, dist, network: () => network };
  let client: OutsideClient;

  const explain = () => {
    say(`logs and events: ${collectLogs(`node-${name}`)}`);
  };
  const proves = provesWith(explain);

  beforeAll(async () => {
    try {
      network = await upReal(site, {}, say);
      await define(pinnedDefinitions());
      applyObjects([namespace(OWN)]);
    } catch (error) {
      explain();
      throw error;
    }
  });

  proves('every image of dist has a stand-in, or a reason why it does not run here', () => {
    expect(missingImages(dist)).toEqual([]);
  });

  if (name === SITES[0]) provePolicyEngine(running);

  proves('cert-manager of dist runs', async () => {
    await applyDist(name, ['namespaces', 'cert-manager']);
    for (const each of ['', '-webhook', '-cainjector'])
      rolledOut('cert-manager', `deployment/cert-manager${each}`);
  });

  proves('it issues the CA of the site', async () => {
    await applyDist(name, ['certificates']);
    const acme =
      site.certificates?.issuers.flatMap((issuer) => (issuer.type === 'acme' ? [issuer.name] : [])) ?? [];
    if (acme.length > 0) say(`no ACME server is reached from here: ${acme.join(', ')} stays as it is`);
    await waitFor('issuers and certificates are ready', 90, () =>
      [...readAll('clusterissuers'), ...readAll('certificates', '--all-namespaces')].flatMap((object) => {
        const own = textAt(object, 'metadata', 'name') ?? '';
        const ready = listAt(object, 'status', 'conditions').some(
          ({ type, status }) => type === 'Ready' && status === 'True',
        );
        return ready || acme.includes(own)
          ? []
          : [`${own}: ${JSON.stringify(at(object, 'status', 'conditions'))}`];
      }),
    );
    for (const issuer of site.certificates?.issuers ?? []) {
      if (issuer.type !== 'privateCA') continue;
      const ca = x509(
        certificateOf('cert-manager', `${issuer.name}-key-pair`),
        '-subject',
        '-ext',
        'basicConstraints',
      );
      expect(ca).toContain(issuer.commonName);
      expect(ca).toContain('CA:TRUE');
    }
  });

  proves('its webhook refuses what upstream refuses', () => {
    const { status, err } = kubectl(
      ['create', '--filename=-'],
      JSON.stringify(certificate(OWN, 'short', '1m')),
    );
    expect(status).toBe(1);
    expect(err).toContain('certificate duration must be greater than');
  });

  proves('a renewed certificate reaches the pod that mounts it', async () => {
    applyObjects([
      certificate(OWN, 'web', '2160h'),
      probePod({
        namespace: OWN,
        name: 'mounts-certificate',
        spec: { volumes: [{ name: 'tls', secret: { secretName: 'web-tls' } }] },
        container: { volumeMounts: [{ name: 'tls', mountPath: '/tls' }] },
      }),
    ]);
    waitReady(OWN, 'e2e/probe=mounts-certificate');
    const serial = () => {
      const { out } = inPod(OWN, 'mounts-certificate', 'probe', ['cat', '/tls/tls.crt']);
      return x509(out, '-serial');
    };
    const first = serial();
    const [issuer] = site.certificates?.issuers.filter(({ type }) => type === 'privateCA') ?? [];
    expectSignedBy(
      certificateOf(OWN, 'web-tls'),
      certificateOf('cert-manager', `${issuer?.name ?? ''}-key-pair`),
    );
    // As `cmctl renew` asks for it.
    const now = [
      {
        type: 'Issuing',
        status: 'True',
        reason: 'Renewed',
        message: 'by the suite',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ];
    const conditions = [
      ...listAt(readAll('certificates', `--namespace=${OWN}`)[0], 'status', 'conditions'),
      ...now,
    ];
    mustKubectl([
      ...['patch', 'certificate', 'web', `--namespace=${OWN}`, '--subresource=status', '--type=merge'],
      `--patch=${JSON.stringify({ status: { conditions } })}`,
    ]);
    await waitFor('the pod sees another certificate', 120, () => (serial() === first ? [first] : []));
  });

  proveVolumes(proves, running);
  proveJobContainers(proves, running);

  proves('the declared flows of the platform pass, and no other', async () => {
    const policies = dist.filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === 'longhorn-system',
    );
    say(
      `not run here: Longhorn. Pods of the suite stand in its namespace, under its ${String(policies.length)} policies`,
    );
    const others = Object.values(otherNamespaces(site)).map((each) => namespace(each));
    applyObjects([...others, ...(policies as readonly KubernetesObject[]), ...placeObjects(site, network)]);
    const spaces = new Set(
      placeObjects(site, network).map((each) => textAt(each, 'metadata', 'namespace') ?? ''),
    );
    for (const space of spaces) if (space !== '') waitReady(space, 'e2e/probe');
    let tried: readonly Tried[] = [];
    await waitFor('flows are as declared', 60, async () => {
      tried = await tryFlows(site, network);
      return undeclared(tried);
    });
    say(tableOfFlows(tried));
    const passed = tried.filter(({ passes }) => passes).length;
    say(
      `${String(tried.length)} flows tried: ${String(passed)} pass, ${String(tried.length - passed)} are dropped`,
    );
    expect(passed).toBeGreaterThan(100);
  });

  if (name === SITES[0]) plantFaults(proves, running);

  proves('names of the cluster are known to pods, and no others', () => {
    applyObjects([probePod({ namespace: OWN, name: 'asks' })]);
    waitReady(OWN, 'e2e/probe=asks');
    const asks = (host: string) => inPod(OWN, 'asks', 'probe', ['getent', 'hosts', host]).status;
    expect(['kubernetes.default', 'cert-manager-webhook.cert-manager.svc', 'example.org'].map(asks)).toEqual([
      0, 0, 2,
    ]);
  });

  proves('a Service answers inside, and outside through the NodePort of every node only', async () => {
    const labels = { app: 'web' };
    const serve = [
      'sh',
      '-c',
      'mkdir /tmp/web && hostname > /tmp/web/index.html && exec python3 -m http.server -d /tmp/web 8080',
    ];
    applyObjects([
      ...network.nodes.map(({ name: node }, index) =>
        probePod({
          namespace: OWN,
          name: `web-${String(index)}`,
          labels,
          node,
          container: {
            command: serve,
            readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
          },
        }),
      ),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: OWN, name: 'web' },
        spec: {
          type: 'NodePort',
          selector: labels,
          ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }],
        },
      },
    ]);
    waitReady(OWN, 'app=web');
    const service = read(['service', 'web', `--namespace=${OWN}`]);
    const cluster = textAt(service, 'spec', 'clusterIP') ?? '';
    const curl = (address: string) => ['curl', '--silent', '--fail', '--max-time', '5', address];
    await waitFor('the Service answers inside', 30, () =>
      inPod(OWN, 'asks', 'probe', curl('http://web/')).status === 0 ? [] : ['no answer'],
    );
    client = outsideClient('user');
    await waitFor('every node answers outside', 30, () =>
      client.nodes.filter((node) => !answers(() => client.run(curl(`http://${node}:30080/`)))),
    );
    expect(answers(() => client.run(curl(`http://${cluster}/`)))).toBe(false);
  });

  proves("the entrance ends TLS with a certificate of the site's CA", async () => {
    const host = `web.${site.site.domain}`;
    const { ingress } = site.cluster;
    const space = ingress?.kind === 'gateway' ? ingress.gateway.namespace : OWN;
    say(`played: ${ingress?.kind === 'gateway' ? 'the Gateway of the site' : 'a controller of Ingresses'}`);
    const entrance = startEntrance(site, 30_443, [{ host, secret: 'entrance-tls' }]);
    const own = certificate(space, 'entrance', '2160h', [host]);
    applyObjects([own, entrance.route(OWN, 'web', host, 'web', 80)]);
    const folder = mkdtempSync(path.join(tmpdir(), 'entrance-'));
    try {
      const ca = path.join(folder, 'ca.crt');
      writeFileSync(ca, certificateOf('cert-manager', 'pool-ca-key-pair'));
      const ask = (name: string, trusted: string) => {
        const where = ['--resolve', `${name}:30443:${client.nodes.at(-1) ?? ''}`, '--cacert', trusted];
        const how = ['curl', '--silent', '--show-error', '--fail', '--max-time', '5'];
        return client.run([...how, ...where, `https://${name}:30443/`]);
      };
      await waitFor('the entrance answers', 60, () => {
        try {
          return ask(host, ca).startsWith('web-') ? [] : ['another answer'];
        } catch (error) {
          return [String(error)];
        }
      });
      expect(() => ask(host, '/etc/ssl/certs/ca-certificates.crt')).toThrow('unable to get local issuer');
      expect(() => ask(`other.${site.site.domain}`, ca)).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  provePlacement(proves, planNodes(site.nodePools));
});

function answers(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch {
    return false;
  }
}
