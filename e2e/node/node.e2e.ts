import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { at, listAt, textAt } from '../../lib/kubernetes/read';
import { componentsInOrder, objectsOf } from '../api/dist';
import { readSite } from '../cluster/cluster';
import { missingImages } from '../cluster/images/missing';
import { startEntrance } from '../cluster/entrance';
import { applyObjects, kubectl, mustKubectl } from '../cluster/kubectl';
import type { NetworkPlan } from '../cluster/network';
import { planNodes } from '../cluster/node-plan';
import { stopAll } from '../cluster/processes';
import { offerDevices, outsideClient, upReal, type OutsideClient } from '../cluster/real';
import { applyDist, collectLogs, inPod, rolledOut, waitFor } from '../cluster/suite';
import { define, pinnedDefinitions } from '../suite/definitions';
import { otherNamespaces } from './declared-flows';
import { placeObjects, tableOfFlows, tryFlows, type Tried } from './platform-flows';
import { items, namespace, probePod, waitReady } from './pods';
import { FLOWS, policyCases, type PolicyCase } from './policy-cases';
import { insideOf, tryTargets, type Target } from './probe';

const SITES = ['infn-perugia', 'two-experiments'];
const OWN = 'e2e-own';
const say = (text: string) => process.stderr.write(`${text}\n`);

afterAll(stopAll);

describe.each(SITES)('%s', (name) => {
  const site = readSite(name);
  const dist = componentsInOrder(name).flatMap((component) => objectsOf(name, component));
  const plan = planNodes(site.nodePools);
  let network: NetworkPlan;
  let client: OutsideClient;

  /** What went wrong is gathered before the next test changes it. */
  const proves = (what: string, body: () => Promise<void> | void) => {
    test(what, async () => {
      try {
        await body();
      } catch (error) {
        say(`logs and events: ${collectLogs(`node-${name}`)}`);
        throw error;
      }
    });
  };

  beforeAll(async () => {
    try {
      network = await upReal(site, {}, say);
      await define(pinnedDefinitions());
      applyObjects([namespace(OWN)]);
    } catch (error) {
      say(`logs and events: ${collectLogs(`node-${name}`)}`);
      throw error;
    }
  });

  proves('every image of dist has a stand-in, or a reason why it does not run here', () => {
    expect(missingImages(dist)).toEqual([]);
  });

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
      [...items(['clusterissuers']), ...items(['certificates', '--all-namespaces'])].flatMap((object) => {
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
    const { status, err } = kubectl(['create', '--filename=-'], JSON.stringify(certificate('short', '1m')));
    expect(status).toBe(1);
    expect(err).toContain('certificate duration must be greater than');
  });

  proves('a renewed certificate reaches the pod that mounts it', async () => {
    applyObjects([
      certificate('web', '2160h'),
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
      ...listAt(items(['certificates', `--namespace=${OWN}`])[0], 'status', 'conditions'),
      ...now,
    ];
    mustKubectl([
      ...['patch', 'certificate', 'web', `--namespace=${OWN}`, '--subresource=status', '--type=merge'],
      `--patch=${JSON.stringify({ status: { conditions } })}`,
    ]);
    await waitFor('the pod sees another certificate', 120, () => (serial() === first ? [first] : []));
  });

  proves(
    'a volume of every class binds, keeps its data when the pod goes to another node, and grows',
    async () => {
      await applyDist(name, ['storage']);
      const classes = dist.filter(({ kind }) => kind === 'StorageClass');
      expect(classes.length).toBeGreaterThan(1);
      const [first = '', second = ''] = network.nodes.map((node) => node.name);
      for (const { metadata } of classes) {
        applyObjects([claim(metadata.name, 'ReadWriteOnce'), user('writes', metadata.name, first)]);
        waitReady(OWN, `e2e/probe=writes-${metadata.name}`);
        expect(inPod(OWN, `writes-${metadata.name}`, 'probe', ['sh', '-c', 'date > /data/kept']).status).toBe(
          0,
        );
        mustKubectl(['delete', 'pod', `writes-${metadata.name}`, `--namespace=${OWN}`]);
        applyObjects([user('reads', metadata.name, second)]);
        waitReady(OWN, `e2e/probe=reads-${metadata.name}`);
        expect(inPod(OWN, `reads-${metadata.name}`, 'probe', ['cat', '/data/kept']).status).toBe(0);
        const larger = { spec: { resources: { requests: { storage: '2Gi' } } } };
        mustKubectl([
          ...['patch', 'pvc', metadata.name, `--namespace=${OWN}`, '--type=merge'],
          `--patch=${JSON.stringify(larger)}`,
        ]);
        mustKubectl([
          ...['wait', `pvc/${metadata.name}`, `--namespace=${OWN}`, '--timeout=60s'],
          '--for=jsonpath={.status.capacity.storage}=2Gi',
        ]);
      }
    },
  );

  proves('a volume that several nodes write to shows each what the others wrote', () => {
    const classes = site.storage?.longhorn.classes ?? [];
    // Every class of Longhorn can be shared; a site may mean one to be.
    const shared = classes.find(({ accessMode }) => accessMode === 'ReadWriteMany') ?? classes[0];
    const className = shared?.name ?? '';
    const writers = network.nodes.map((node) => node.name);
    applyObjects([
      claim(className, 'ReadWriteMany', 'shared'),
      ...writers.map((node, index) => user(`shares-${String(index)}`, 'shared', node)),
    ]);
    for (const [index, node] of writers.entries()) {
      waitReady(OWN, `e2e/probe=shares-${String(index)}-shared`);
      inPod(OWN, `shares-${String(index)}-shared`, 'probe', ['sh', '-c', `echo ${node} >> /data/all`]);
    }
    expect(inPod(OWN, 'shares-0-shared', 'probe', ['cat', '/data/all']).out.trim().split('\n')).toEqual(
      writers,
    );
  });

  proves('a volume that is to be kept outlives its claim, another does not', async () => {
    const classes = dist.filter(({ kind }) => kind === 'StorageClass');
    mustKubectl(['delete', 'pods,pvc', '--all', `--namespace=${OWN}`]);
    const kept = classes.flatMap((each) => (each['reclaimPolicy'] === 'Retain' ? [each.metadata.name] : []));
    const left = () => new Set(items(['pv']).map((pv) => textAt(pv, 'spec', 'storageClassName') ?? ''));
    await waitFor('volumes of classes that do not keep are gone', 60, () =>
      [...left()].filter((each) => !kept.includes(each)),
    );
    expect([...left()].sort()).toEqual([...kept].sort());
  });

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
      return tried.flatMap(({ from, to, port, passes, declared }) =>
        passes === declared ? [] : [`${from} > ${to}:${String(port)} ${passes ? 'passes' : 'is dropped'}`],
      );
    });
    say(tableOfFlows(tried));
    const passed = tried.filter(({ passes }) => passes).length;
    say(
      `${String(tried.length)} flows tried: ${String(passed)} pass, ${String(tried.length - passed)} are dropped`,
    );
    expect(passed).toBeGreaterThan(100);
  });

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
    const service = JSON.parse(
      mustKubectl(['get', 'service', 'web', `--namespace=${OWN}`, '--output=json']),
    ) as unknown;
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
    const own = certificate('entrance', '2160h', [host], space);
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

  test.each(plan.real)(
    'a pod that asks for the pool of $name runs there, if it tolerates what it must',
    (node) => {
      const spec = { nodeSelector: node.labels };
      const tolerations = node.taints.map(({ key, value, effect }) => ({
        key,
        value,
        effect,
        operator: 'Equal',
      }));
      const [bare, tolerant] = [`bare-${node.name}`, `tolerant-${node.name}`];
      applyObjects([
        probePod({ namespace: OWN, name: bare, spec }),
        probePod({ namespace: OWN, name: tolerant, spec: { ...spec, tolerations } }),
      ]);
      waitReady(OWN, `e2e/probe=${tolerant}`);
      expect(items(['pods', `--namespace=${OWN}`, `--selector=e2e/probe=${tolerant}`])[0]).toMatchObject({
        spec: { nodeName: node.name },
      });
      if (node.taints.length === 0) waitReady(OWN, `e2e/probe=${bare}`);
      else expect(reasonToWait(bare)).toContain('untolerated taint');
    },
  );

  proves('GPUs go to the pods that ask for them, and one more pod waits', async () => {
    const owner = plan.real.find(({ devices }) => Object.keys(devices).length > 0) ?? plan.real.at(-1);
    if (!owner) throw new Error('there is no node');
    if (Object.keys(owner.devices).length === 0) {
      say(`the site has no GPU: two are played on ${owner.name}`);
      offerDevices(owner.name, { 'nvidia.com/gpu': '2' });
    }
    const devices = Object.keys(owner.devices).length === 0 ? { 'nvidia.com/gpu': '2' } : owner.devices;
    const [resource = '', count = '0'] =
      Object.entries(devices).sort(([, a], [, b]) => Number(a) - Number(b))[0] ?? [];
    const many = Number(count);
    applyObjects(
      Array.from({ length: many + 1 }, (_, index) =>
        probePod({
          namespace: OWN,
          name: `gpu-${String(index)}`,
          labels: { app: 'gpu' },
          spec: { tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }] },
          container: { resources: { limits: { [resource]: '1' } } },
        }),
      ),
    );
    const phases = () =>
      items(['pods', `--namespace=${OWN}`, '--selector=app=gpu']).map((pod) =>
        textAt(pod, 'status', 'phase'),
      );
    await waitFor('all GPUs are taken', 60, () => {
      const running = phases().filter((phase) => phase === 'Running').length;
      return running === many ? [] : [`${String(running)} of ${String(many)} run`];
    });
    expect(phases().filter((phase) => phase === 'Pending')).toHaveLength(1);
    const nodes = items(['pods', `--namespace=${OWN}`, '--selector=app=gpu']).flatMap(
      (pod) => textAt(pod, 'spec', 'nodeName') ?? [],
    );
    expect([...new Set(nodes)]).toEqual([owner.name]);
    const [waiting] = items([
      'pods',
      `--namespace=${OWN}`,
      '--selector=app=gpu',
      '--field-selector=status.phase=Pending',
    ]);
    expect(reasonToWait(textAt(waiting, 'metadata', 'name') ?? '')).toContain(`Insufficient ${resource}`);
  });
});

function answers(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch {
    return false;
  }
}

/** What the scheduler says of a pod that it has looked at. */
function reasonToWait(pod: string): string {
  mustKubectl([
    ...['wait', `pod/${pod}`, `--namespace=${OWN}`, '--timeout=30s'],
    '--for=jsonpath={.status.conditions[?(@.type=="PodScheduled")].reason}=Unschedulable',
  ]);
  const path_ = '{.status.conditions[?(@.type=="PodScheduled")].message}';
  return mustKubectl(['get', 'pod', pod, `--namespace=${OWN}`, `--output=jsonpath=${path_}`]);
}

/** A certificate of the suite's own, by the site's CA. */
function certificate(
  name: string,
  duration: string,
  dnsNames = [`${name}.e2e.example.org`],
  space = OWN,
): object {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { namespace: space, name },
    spec: {
      secretName: `${name}-tls`,
      duration,
      dnsNames,
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      issuerRef: { kind: 'ClusterIssuer', name: 'pool-ca' },
    },
  };
}

function certificateOf(space: string, secret: string): string {
  const data = mustKubectl([
    'get',
    'secret',
    secret,
    `--namespace=${space}`,
    '--output=jsonpath={.data.tls\\.crt}',
  ]);
  return Buffer.from(data, 'base64').toString();
}

function x509(pem: string, ...wanted: readonly string[]): string {
  return execFileSync('openssl', ['x509', '-noout', ...wanted], { input: pem, encoding: 'utf8' });
}

function expectSignedBy(pem: string, ca: string): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
  try {
    for (const [file, text] of [
      ['leaf.crt', pem],
      ['ca.crt', ca],
    ] as const)
      writeFileSync(path.join(folder, file), text);
    execFileSync('openssl', ['verify', '-CAfile', 'ca.crt', 'leaf.crt'], { cwd: folder, stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function claim(storageClassName: string, mode: string, name = storageClassName): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { namespace: OWN, name },
    spec: { storageClassName, accessModes: [mode], resources: { requests: { storage: '1Gi' } } },
  };
}

/** A pod on a node that mounts a claim. */
function user(verb: string, claimName: string, node: string): object {
  return probePod({
    namespace: OWN,
    name: `${verb}-${claimName}`,
    node,
    spec: {
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
    container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
  });
}

const none: PolicyCase = { says: '', policies: [], closed: [] };

describe('the policy engine of real nodes', () => {
  const site = readSite('infn-perugia');
  const SPACES = { x: { team: 'x' }, y: { team: 'y' } };
  const pods = [
    { namespace: 'x', name: 'server' },
    { namespace: 'x', name: 'friend' },
    { namespace: 'x', name: 'stranger' },
    { namespace: 'y', name: 'friend' },
    { namespace: 'y', name: 'stranger' },
  ];
  const addresses: Record<string, string> = {};
  const insides: Record<string, string> = {};

  beforeAll(async () => {
    const network = await upReal(site, {}, say);
    applyObjects(Object.entries(SPACES).map(([name, labels]) => namespace(name, labels)));
    applyObjects(
      pods.map((pod, index) =>
        probePod({
          ...pod,
          labels: { app: pod.name },
          // Peers on the same node and on others.
          node: network.nodes[index % 2]?.name ?? '',
          ports: pod.name === 'server' ? [{ name: 'web', containerPort: 8080 }] : [],
        }),
      ),
    );
    for (const space of Object.keys(SPACES)) waitReady(space, 'e2e/probe');
    for (const space of Object.keys(SPACES))
      for (const pod of items(['pods', `--namespace=${space}`])) {
        const own = `${space}/${textAt(pod, 'metadata', 'name') ?? ''}`;
        addresses[own] = textAt(pod, 'status', 'podIP') ?? '';
        insides[own] = insideOf(pod, network);
      }
  });

  async function closedFlows(): Promise<readonly string[]> {
    const bySource = new Map<string, string[]>();
    for (const flow of FLOWS) {
      const [from = ''] = flow.split(' > ');
      bySource.set(from, [...(bySource.get(from) ?? []), flow]);
    }
    const closed = await Promise.all(
      [...bySource].map(async ([from, flows]) => {
        const targets = flows.map((flow): Target => {
          const [, to = '', port = '', protocol] = /> (\S+):(\d+)(\/UDP)?$/.exec(flow) ?? [];
          return [addresses[to] ?? '', Number(port), protocol === undefined ? 'TCP' : 'UDP'];
        });
        const passes = await tryTargets(insides[from] ?? '', targets);
        return flows.filter((_, index) => passes[index] !== true);
      }),
    );
    return closed.flat().sort();
  }

  // The cases need addresses only when they run.
  test.each(policyCases({}).map(({ says }, index) => [says, index] as const))('%s', async (_, index) => {
    const [{ policies, closed } = none] = policyCases(addresses).slice(index);
    mustKubectl(['delete', 'networkpolicies', '--all', '--namespace=x']);
    applyObjects(policies);
    await waitFor('flows are as the specification has them', 20, async () => {
      const found = await closedFlows();
      return [
        ...found.filter((flow) => !closed.includes(flow)).map((flow) => `closed: ${flow}`),
        ...closed.filter((flow) => !found.includes(flow)).map((flow) => `open: ${flow}`),
      ];
    });
  });
});
