import { htcondorProps, htcondorSecrets } from './htcondor';
import { siteOf } from './site.fixture';

function propsOf(...site: Parameters<typeof siteOf>) {
  const found = siteOf(...site);
  if (!found.htcondor) throw new Error('the site has no pool');
  return htcondorProps(found, found.htcondor, {});
}
const full = propsOf('full');
const windows = propsOf('windows');

/** Parts of a site that ask how its pool is. */
type Asking = 'autoscaling' | 'monitoring';
const siteWithout = (...parts: readonly Asking[]) => ({
  ...siteOf('full'),
  ...Object.fromEntries(parts.map((part) => [part, undefined])),
});
function without(...parts: readonly Asking[]) {
  const site = siteWithout(...parts);
  if (!site.htcondor) throw new Error('the site has no pool');
  return htcondorProps(site, site.htcondor, {});
}

test('workers that the site always wants are there, those that it may have are not', () => {
  expect(full.executePools.map(({ name, workers }) => [name, workers])).toEqual([
    ['cpu', 2],
    ['a100', 1],
  ]);
});

test('with KEDA a pool grows from the workers that are always there to the most that it may have', () => {
  expect(full.executePools.map(({ name, extra }) => [name, extra])).toEqual([
    ['cpu', { most: 28, idleSeconds: 300 }],
    ['a100', { most: 1, idleSeconds: 600 }],
  ]);
  const alone = without('autoscaling');
  expect(alone.executePools.map(({ extra }) => extra)).toEqual([undefined, undefined]);
});

test('there is an exporter where somebody asks it, and it answers those who do', () => {
  expect(full.exporter).toMatchObject({
    demandReader: 'keda',
    monitoring: { operator: true, labels: { release: 'kube-prometheus-stack' } },
  });
  expect(without('monitoring').exporter).toMatchObject({ demandReader: 'keda' });
  expect(without('monitoring').exporter).not.toHaveProperty('monitoring');
  expect(without('autoscaling').exporter).not.toHaveProperty('demandReader');
  expect(without('autoscaling', 'monitoring').exporter).toBeUndefined();
});

test('its tokens are asked for with it', () => {
  const tokens = (...parts: readonly Asking[]) => {
    const site = siteWithout(...parts);
    if (!site.htcondor) throw new Error('the site has no pool');
    return htcondorSecrets(site, site.htcondor)
      .map(({ name }) => name)
      .filter((name) => name.includes('monitor'));
  };
  expect(tokens()).not.toEqual([]);
  expect(tokens('monitoring')).toEqual(tokens());
  expect(tokens('autoscaling')).toEqual(tokens());
  expect(tokens('autoscaling', 'monitoring')).toEqual([]);
});

test('jobs reach the places that the site opens to them, besides the data of experiments', () => {
  const { htcondor } = siteOf('full');
  expect(full.jobEgress).toEqual(expect.arrayContaining([...(htcondor?.jobs.egress ?? [])]));
  expect(htcondor?.jobs.egress.length).toBeGreaterThan(0);
});

test('a pool waits for its jobs as long as it says, and is kept for the experiments that it names', () => {
  expect(full.executePools.map(({ drainSeconds }) => drainSeconds)[0]).toBe(12 * 3600);
  expect(full.executePools.map(({ startOnly }) => startOnly)).toEqual([undefined, ['cms']]);
});

test('workers are on the nodes of their pool and tolerate all its taints; those with GPUs are on one model', () => {
  expect(full.executePools[1]?.placement).toEqual({
    nodeSelector: {
      'analysis-facility/pool': 'gpu-a100',
      'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-40GB',
    },
    tolerations: [
      { key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' },
      { key: 'example.org/reserved', operator: 'Exists', effect: 'PreferNoSchedule' },
    ],
  });
  expect(full.executePools[0]?.placement).toEqual({
    nodeSelector: { 'analysis-facility/pool': 'cpu' },
    tolerations: [],
  });
  expect(windows.executePools[0]?.placement).toEqual({
    nodeSelector: { 'node.example.org/group': 'batch', rack: '7' },
    tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }],
  });
  expect(windows.executePools[1]?.placement.nodeSelector).toHaveProperty(
    ['nvidia.com/gpu.product'],
    'Tesla-T4-SHARED',
  );
});

test('surplus is given away where the site says so, and by default', () => {
  expect(full.centralManager.acceptSurplus).toBe(false);
  expect(propsOf('full', ['acceptSurplus: false', 'acceptSurplus: true']).centralManager.acceptSurplus).toBe(
    true,
  );
  expect(windows.centralManager.acceptSurplus).toBe(true);
});

test('experiments have their shares, issuers and own subgroups', () => {
  expect(full.experiments.map(({ name, share, subgroups }) => ({ name, share, subgroups }))).toEqual([
    {
      name: 'cms',
      share: 70,
      subgroups: [
        { name: 'dask', percent: 30 },
        { name: 'batch', percent: 50 },
      ],
    },
    { name: 'vo2', share: 30, subgroups: [] },
  ]);
  expect(full.experiments[1]?.issuers).toEqual([
    {
      url: 'https://iam.vo2.example.org:8443/',
      audience: ['https://wlcg.cern.ch/jwt/v1/any'],
      networks: ['198.51.100.112/28'],
    },
  ]);
});

test('tokens of the hub are trusted, and notebooks let in, only where there is a hub', () => {
  expect(full.accessPoints.map(({ trustsHub }) => trustsHub)).toEqual([true, true]);
  expect(full.notebooks).toBe('jupyterhub-users');
  const site = siteOf('full');
  if (!site.htcondor) throw new Error('the site has no pool');
  const { jupyterhub: _, ...without } = site;
  const alone = htcondorProps({ ...without, jupyterhub: undefined }, site.htcondor, {});
  expect(alone.accessPoints.map(({ trustsHub }) => trustsHub)).toEqual([false, false]);
  expect(alone.notebooks).toBeUndefined();
  const secrets = htcondorSecrets({ ...without, jupyterhub: undefined }, site.htcondor);
  expect(secrets.map(({ name }) => name)).not.toContain('htcondor-hub-key');
});

test('an access point has the limits of the site, and keeps its audit for whole days', () => {
  expect(full.accessPoints[0]).toMatchObject({
    limits: { wallTimeSeconds: 2 * 86_400, scratch: { text: '60Gi' } },
    maxJobsPerOwner: 5000,
    auditDays: 180,
  });
  expect(propsOf('full', ['audit: 180d', 'audit: 25h']).accessPoints[0]?.auditDays).toBe(2);
  expect(windows.accessPoints[0]?.limits).not.toHaveProperty('scratch');
});

test('a daemon is open to the outside only at the port that the site gives it', () => {
  expect(full.centralManager.outside).toEqual({
    port: { port: 30_618, serviceType: 'LoadBalancer', allowFrom: ['203.0.113.0/24'] },
    certificate: { issuer: 'pool-ca', signsInternalNames: true, hostName: 'htc.af.pg.example.org' },
  });
  expect(full.accessPoints.map(({ outside }) => outside?.port.port)).toEqual([31_618, 31_619]);
  expect(windows.centralManager.outside).toBeUndefined();
  expect(windows.accessPoints[0]?.outside).toBeUndefined();
});

test('the pool has the names and the method of the site', () => {
  expect(full.pool).toEqual({
    name: 'PG1-AF',
    trustDomain: 'htc.af.pg.example.org',
    clusterDomain: 'cluster.pg.example.org',
    method: 'idtokens',
  });
  expect(windows.pool).toMatchObject({ trustDomain: 'af.dc.example.org', method: 'password' });
});

test('a pool that is called as its site is has no name that HTCondor reads as something else', () => {
  const said = 'Institut für Teilchenphysik – Analysis Facility';
  expect(propsOf('windows').pool.name).toBe(said);
  expect(propsOf('windows', [`"${said}"`, String.raw`'$(HOME) AF $$(X)\'`]).pool.name).toBe('(HOME) AF (X)');
});
