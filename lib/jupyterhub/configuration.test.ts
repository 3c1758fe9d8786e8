import { readPrograms } from '../commands/read-programs';
import { binaryBytes } from '../kubernetes/quantity';
import { hubConfiguration } from './configuration';
import {
  CONFIGURATION,
  CPU_NODES,
  CPU_PROFILE,
  gi,
  GPU_NODES,
  GPU_PROFILE,
  LOGIN,
} from './jupyterhub.fixture';
import { loginTraits } from './login';
import { memory, profileEntry } from './profile';
import { RELEASE } from './release';
import traits from './traits.json';

const hub = hubConfiguration(CONFIGURATION);
const spawner = hub.traits['KubeSpawner'];

test('every setting is one that its class has', () => {
  const known: Readonly<Record<string, readonly string[]>> = traits.traits;
  for (const [name, settings] of Object.entries(hub.traits))
    for (const setting of Object.keys(settings)) expect(known[name]).toContain(setting);
  for (const { profile } of hub.profiles)
    for (const setting of Object.keys(profile.kubespawner_override))
      expect(known['KubeSpawner']).toContain(setting);
});

test('the program sets what needs code: secrets, who may log in, what is asked at each start', () => {
  const set = [...readPrograms().hub.config.matchAll(/^\s*c\.(\w+\.\w+) = /gm)].map(([, name]) => name);
  expect(set.sort()).toEqual([
    'ConfigurableHTTPProxy.auth_token',
    'CryptKeeper.keys',
    'GenericOAuthenticator.admin_groups',
    'GenericOAuthenticator.allowed_groups',
    'GenericOAuthenticator.auth_state_groups_key',
    'GenericOAuthenticator.client_id',
    'GenericOAuthenticator.client_secret',
    'JupyterHub.authenticator_class',
    'JupyterHub.cookie_secret',
    'JupyterHub.load_roles',
    'JupyterHub.services',
    'JupyterHub.template_paths',
    'JupyterHub.template_vars',
    'KubeSpawner.modify_pod_hook',
    'KubeSpawner.profile_list',
  ]);
});

test('whatever has a token of the hub may do what it is there for, and nothing to the servers of others', () => {
  const roles = [
    ...readPrograms().hub.config.matchAll(/"name": "([\w-]+)",[^{}]*?"scopes": \[([^\]]*)\]/g),
  ].map(([, name, scopes = '']) => [name, [...scopes.matchAll(/"([^"]+)"/g)].map(([, scope]) => scope)]);
  const tokens = 'access:services!service=notebook-tokens';
  expect(Object.fromEntries(roles)).toEqual({
    'jupyterhub-idle-culler': ['list:users', 'read:users:activity', 'read:servers', 'delete:servers'],
    'notebook-tokens': ['read:users:name', 'read:users:groups', 'admin:auth_state'],
    user: ['self', tokens],
    server: ['users:activity!user', 'access:servers!server', tokens],
  });
});

test('the table of settings is that of the packages in the hub’s image', () => {
  const { 'jupyterhub-idle-culler': _, ...packages } = RELEASE.packages;
  expect(traits.packages).toEqual(packages);
});

test.each([
  [gi(8), '8G'],
  [gi(4096), '4T'],
  [binaryBytes(1536 * 1024 ** 2), '1536M'],
  [binaryBytes(3 * 1024), '3K'],
  [{ bytes: 500_000_000, text: '500M' }, 500_000_000],
])('memory of %j is %s, in the units of KubeSpawner', (amount, expected) => {
  expect(memory(amount)).toBe(expected);
});

test('a profile with GPUs has resource, node selector and toleration together', () => {
  const { kubespawner_override: override } = profileEntry(GPU_PROFILE);
  expect(override).toMatchObject({
    extra_resource_limits: { 'nvidia.com/mig-1g.5gb': '2' },
    node_selector: GPU_NODES.labels,
    tolerations: [
      { key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' },
      { key: 'reserved', operator: 'Exists', effect: 'NoExecute' },
    ],
    extra_pod_config: { runtimeClassName: 'nvidia' },
    volume_mounts: { 'shared-memory': { mountPath: '/dev/shm' } },
    start_timeout: 1200,
  });
  expect(override.environment).toBeUndefined();
});

test('a profile without GPUs sees none and tolerates no taint', () => {
  const { kubespawner_override: override } = profileEntry(CPU_PROFILE);
  expect(override).toEqual({
    image: 'registry.example.org/af/lab:1.2.3',
    cpu_guarantee: 0.5,
    cpu_limit: 2,
    mem_guarantee: '6G',
    mem_limit: '8G',
    node_selector: CPU_NODES.labels,
    tolerations: [],
    environment: { NVIDIA_VISIBLE_DEVICES: 'void' },
  });
});

test('a profile of several pools may run on the nodes of each', () => {
  const { kubespawner_override: override } = profileEntry({ ...CPU_PROFILE, nodes: [CPU_NODES, GPU_NODES] });
  expect(override.node_selector).toBeUndefined();
  expect(override.node_affinity_required).toHaveLength(2);
  expect(override.tolerations).toHaveLength(2);
});

test('with several images users choose, and the first is chosen already', () => {
  const { kubespawner_override: override, profile_options: options } = profileEntry(GPU_PROFILE);
  expect(override.image).toBeUndefined();
  expect(
    Object.entries(options?.image.choices ?? {}).map(([name, choice]) => [name, choice.default]),
  ).toEqual([
    ['lab', true],
    ['lab-cuda', undefined],
  ]);
  expect(options?.image.unlisted_choice).toMatchObject({
    validation_regex: '^registry\\.example\\.org/af/.+$',
    kubespawner_override: { image: '{value}' },
  });
  expect(profileEntry(CPU_PROFILE).profile_options).toBeUndefined();
});

test.each(['https://iam.example.org/', 'https://iam.example.org'])(
  'endpoints follow from the issuer %s without a double slash',
  (issuer) => {
    expect(loginTraits({ ...LOGIN, issuer })).toMatchObject({
      authorize_url: 'https://iam.example.org/authorize',
      token_url: 'https://iam.example.org/token',
      userdata_url: 'https://iam.example.org/userinfo',
      oauth_callback_url: 'https://hub.example.org/hub/oauth_callback',
      login_service: 'iam.example.org',
      enable_pkce: true,
      manage_groups: true,
      enable_auth_state: true,
    });
  },
);

test('a log-in is looked at again, and once more before each start', () => {
  const { auth_refresh_age: age, refresh_pre_spawn: before } = loginTraits(LOGIN);
  expect(age).toBeGreaterThan(0);
  expect(before).toBe(true);
});

test('who is refused reads which groups are allowed and whom to ask', () => {
  expect(hub.login.refusal).toContain('/cms/users, /cms/admins');
  expect(hub.login.refusal).toContain('help@example.org');
  expect(hub.traits['GenericOAuthenticator']?.['custom_403_message']).toBe(hub.login.refusal);
});

test('visibility goes with each profile and volume; null means everybody', () => {
  expect(hub.profiles.map(({ groups }) => groups)).toEqual([null, ['/cms/users']]);
  expect(hub.volumes.map(({ groups }) => groups)).toEqual([['/cms/users'], null]);
});

test('CVMFS is read-only and shows what is mounted later', () => {
  expect(hub.volumes[1]?.mount).toEqual({
    name: 'cvmfs',
    mountPath: '/cvmfs',
    mountPropagation: 'HostToContainer',
    readOnly: true,
  });
  expect(hub.volumes[0]?.mount).toEqual({ name: 'shared-work', mountPath: '/work' });
});

test('homes outlive their users, and Argo CD takes neither them nor pods for its own', () => {
  expect(spawner).toMatchObject({
    delete_pvc: false,
    storage_class: 'homes',
    storage_capacity: '25Gi',
    storage_extra_annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
  });
  expect(JSON.stringify(spawner)).not.toContain('app.kubernetes.io/instance');
});

test('notebooks pass Pod Security restricted and have no token of the cluster', () => {
  expect(spawner).toMatchObject({
    uid: 1000,
    fs_gid: 100,
    allow_privilege_escalation: false,
    automount_service_account_token: false,
    pod_security_context: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    container_security_context: { capabilities: { drop: ['ALL'] } },
    extra_pod_config: { enableServiceLinks: false },
  });
});

test('a scheduler of their own and registry credentials are named only where there are any', () => {
  expect(spawner).toMatchObject({ scheduler_name: 'user-scheduler', image_pull_secrets: ['registry'] });
  const plain = hubConfiguration({ ...CONFIGURATION, userScheduler: false, imagePullSecrets: [] });
  expect(plain.traits['KubeSpawner']).not.toHaveProperty('scheduler_name');
  expect(plain.traits['KubeSpawner']).not.toHaveProperty('image_pull_secrets');
});

test('the culler has the times of the site', () => {
  expect(hub.culler).toEqual([
    '--url=http://localhost:8081/hub/api',
    '--timeout=3600',
    '--cull-every=600',
    '--concurrency=10',
    '--max-age=86400',
  ]);
  const { idleSeconds, everySeconds } = CONFIGURATION.cull;
  const young = hubConfiguration({ ...CONFIGURATION, cull: { idleSeconds, everySeconds } });
  expect(young.culler.join(' ')).not.toContain('max-age');
});

test('notebooks call the hub by a name that holds in their namespace too', () => {
  expect(hub.traits['JupyterHub']).toMatchObject({
    hub_connect_url: 'http://hub.jupyterhub.svc:8081',
    hub_bind_url: 'http://:8081',
    cleanup_servers: false,
  });
});
