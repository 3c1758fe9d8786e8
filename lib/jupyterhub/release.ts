/**
 * The one place that says which JupyterHub a site runs: the images of Zero to JupyterHub, whose hub image holds
 * JupyterHub 5.5.0, KubeSpawner 7.0.0 and OAuthenticator 17.4.0.
 *
 * @see https://z2jh.jupyter.org/en/stable/changelog.html
 */

const VERSION = '4.4.0';

/** Where hub, proxy and their secrets are. */
export const NAMESPACE = 'jupyterhub';

/** Where the pods, homes and shared volumes of users are, away from the hub's secrets. */
export const USERS_NAMESPACE = 'jupyterhub-users';

export const RELEASE = {
  version: VERSION,
  /** Packages of Python in the hub's image; `traits.json` says what settings they have. */
  packages: {
    jupyterhub: '5.5.0',
    'jupyterhub-kubespawner': '7.0.0',
    oauthenticator: '17.4.0',
    'jupyterhub-idle-culler': '1.4.0',
  },
  images: {
    hub: `quay.io/jupyterhub/k8s-hub:${VERSION}`,
    proxy: 'quay.io/jupyterhub/configurable-http-proxy:5.2.0',
    notebook: `quay.io/jupyterhub/k8s-singleuser-sample:${VERSION}`,
    pause: 'registry.k8s.io/pause:3.10.1',
  },
  ports: {
    hub: 8081,
    tokens: 8082,
    proxy: 8000,
    proxyApi: 8001,
    proxyService: 80,
    notebook: 8888,
    scheduler: 10_259,
  },
} as const;

/**
 * Ports of Dask: one scheduler in a notebook; as many workers and nannies in a pod of the pool as it has accounts for jobs.
 */
export const DASK = {
  scheduler: 8786,
  dashboard: 8787,
  workers: { from: 10_000, to: 10_099 },
  nannies: { from: 10_100, to: 10_199 },
} as const;

/** Keys of the hub's Secret, with what each is for. */
export const SECRET_KEYS = {
  auth_token: 'hub and proxy know each other by it',
  cookie_secret: 'signs the cookies of users',
  crypt_keys: 'encrypts the tokens of users in the database',
  oidc_client_id: 'the client at the log-in service',
  oidc_client_secret: 'its password',
} as const;

/** Claims that Git knows by name. */
export const DATABASE_CLAIM = 'hub-db-dir';

/**
 * Schedulers by the minor version of the cluster: a scheduler must not be newer than its API server.
 *
 * @see https://kubernetes.io/releases/version-skew-policy/
 */
export const SCHEDULERS: Readonly<Record<string, string>> = {
  '1.30': 'registry.k8s.io/kube-scheduler:v1.30.14',
  '1.31': 'registry.k8s.io/kube-scheduler:v1.31.14',
  '1.32': 'registry.k8s.io/kube-scheduler:v1.32.13',
  '1.33': 'registry.k8s.io/kube-scheduler:v1.33.13',
  '1.34': 'registry.k8s.io/kube-scheduler:v1.34.4',
  '1.35': 'registry.k8s.io/kube-scheduler:v1.35.4',
  '1.36': 'registry.k8s.io/kube-scheduler:v1.36.3',
};

/** Name by which pods ask for the scheduler of notebooks. */
export const USER_SCHEDULER = 'user-scheduler';
