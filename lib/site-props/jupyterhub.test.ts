import { jupyterhubProps } from './jupyterhub';
import { siteOf } from './site.fixture';

const TEXTS = { config: '', tokens: '', page: '', start: '', examples: { jobs: '', dask: '' } };

function propsOf(...[name, ...changes]: Parameters<typeof siteOf>) {
  const site = siteOf(name, ...changes);
  if (!site.jupyterhub) throw new Error('the site has no hub');
  return jupyterhubProps(site, site.jupyterhub, TEXTS);
}
const full = propsOf('full');
const windows = propsOf('windows');
const { profiles, sharedVolumes, login, cull, home, limits } = full.hub.configuration;

test('a profile with GPUs is on nodes of their model, one without on the nodes that it names', () => {
  expect(profiles.map(({ slug, nodes }) => [slug, nodes.map(({ labels }) => labels)])).toEqual([
    ['small', [{ 'analysis-facility/pool': 'cpu' }]],
    ['slice', [{ 'analysis-facility/pool': 'gpu-a100', 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-40GB' }]],
  ]);
  const any = windows.hub.configuration.profiles[1]?.nodes.map(({ labels }) => labels);
  expect(any?.map((labels) => labels['nvidia.com/gpu.product'])).toEqual(['Tesla-T4-SHARED', 'NVIDIA-L40S']);
});

test('profiles and volumes of experiments are for their members, all others for everybody', () => {
  expect(profiles.map(({ groups }) => groups)).toEqual([undefined, ['/cms/af/users', '/vo2/af']]);
  expect(sharedVolumes.map(({ name, groups }) => [name, groups])).toEqual([
    ['shared-cms-work', ['/cms/af/users']],
    ['shared-software', undefined],
    ['cvmfs', undefined],
  ]);
});

test('one profile is chosen already: the one that says so, or the first', () => {
  expect(profiles.map((profile) => profile.default)).toEqual([true, false]);
  expect(windows.hub.configuration.profiles.map((profile) => profile.default)).toEqual([true, false]);
  const last = propsOf(
    'full',
    ['default: true\n    - slug', 'default: false\n    - slug'],
    ['default: false\n      allow', 'default: true\n      allow'],
  );
  expect(last.hub.configuration.profiles.map((profile) => profile.default)).toEqual([false, true]);
});

test('who may log in, and who is an administrator, is what the site says', () => {
  expect(login).toMatchObject({
    issuer: 'https://iam.pg.example.org:8443/',
    callbackUrl: 'https://hub.af.pg.example.org/hub/oauth_callback',
    allowedGroups: ['/cms/af/users', '/vo2/af'],
    adminGroups: ['/cms/af/admins'],
    groupsClaim: 'groups',
  });
  expect(windows.hub.configuration.login).toMatchObject({ allowedGroups: ['/af'], adminGroups: [] });
});

test('the log-in service is reached at its own port, in the private networks that the site names', () => {
  expect(full.network.issuer).toEqual({ port: 8443, privateNetworks: ['10.20.0.0/24'] });
  expect(windows.network.issuer).toEqual({ port: 443, privateNetworks: [] });
});

test('networks of the cluster are not the internet', () => {
  expect(windows.network.ownNetworks).toEqual([
    '10.128.0.0/14',
    '172.30.0.0/16',
    '192.0.2.0/27',
    '192.0.2.64/27',
  ]);
});

test('servers end after the times of the site, and no more of them run than it allows', () => {
  expect(cull).toEqual({ idleSeconds: 4 * 3600, everySeconds: 300, maxAgeSeconds: 7 * 86_400 });
  expect(limits).toEqual({ maxActiveServers: 150, concurrentSpawns: 20 });
  expect(home).toMatchObject({ storageClass: 'rwo', accessMode: 'ReadWriteOnce', size: { text: '25Gi' } });
});

test('the entrance is that of the site', () => {
  expect(full.entrance).toMatchObject({
    kind: 'gateway',
    host: 'hub.af.pg.example.org',
    dataPlaneNamespace: 'envoy-gateway-system',
  });
  expect(windows.entrance).toEqual({ kind: 'nodePort', host: 'hub.af.dc.example.org', port: 30_888 });
});
