import type { Bytes } from '../kubernetes/quantity';
import { loginRules, loginTraits, type LoginProps } from './login';
import { NOTEBOOKS, TALKS_TO } from './metadata';
import { poolSettings, type PoolAccess } from './pool-access';
import {
  profileEntry,
  START_SECONDS,
  type NotebookProfile,
  type ProfileEntry,
  type SpawnerOverride,
} from './profile';
import { NAMESPACE, RELEASE, USER_SCHEDULER, USERS_NAMESPACE } from './release';
import { tokenService, tokenSettings, type HubExperiment, type TokenService } from './tokens';

/** Homes of users, a claim for each. */
export interface HomeProps {
  readonly storageClass: string;
  readonly accessMode: string;
  readonly size: Bytes;
  /** Absolute path in the notebook. */
  readonly mountPath: string;
}

/** A volume that users share, by the claim that it is in their namespace. */
export interface SharedVolume {
  /** Name of the volume in the pod. */
  readonly name: string;
  readonly claim: string;
  readonly mountPath: string;
  /** Whether file systems that the node mounts later appear in the notebook, and nothing can be written. */
  readonly automounted: boolean;
  /** Groups whose members see it. @default everybody */
  readonly groups?: readonly string[];
}

export interface CullProps {
  readonly idleSeconds: number;
  readonly everySeconds: number;
  /** @default servers that are used may be of any age */
  readonly maxAgeSeconds?: number;
}

/** Spark, as users choose it beside a profile. */
export interface SparkOffer {
  /** Slugs of the profiles beside which it is offered. */
  readonly profiles: readonly string[];
  readonly experiments: readonly {
    readonly name: string;
    /** Groups whose members are offered it. */
    readonly groups: readonly string[];
    /** What it changes in a notebook. */
    readonly override: SpawnerOverride;
  }[];
}

/** What the configuration of a hub is made of. */
export interface ConfigurationProps {
  /** Public host name. */
  readonly host: string;
  readonly login: LoginProps;
  /** At least one. */
  readonly profiles: readonly NotebookProfile[];
  readonly home: HomeProps;
  readonly sharedVolumes: readonly SharedVolume[];
  readonly limits: { readonly maxActiveServers: number; readonly concurrentSpawns: number };
  readonly cull: CullProps;
  /** Names of Secrets in the namespace of the users. */
  readonly imagePullSecrets: readonly string[];
  /** Whether notebooks have a scheduler of their own. */
  readonly userScheduler: boolean;
  /** Of those of a user, notebooks work for the first. */
  readonly experiments: readonly HubExperiment[];
  /** @default there is no pool */
  readonly pool?: PoolAccess;
  /** @default no notebook has Spark */
  readonly spark?: SparkOffer;
}

/** A thing with the groups that may see it; null means everybody. */
interface ForGroups {
  readonly groups: readonly string[] | null;
}

/** The file that `jupyterhub_config.py` reads. */
export interface HubConfiguration {
  /** Settings by class, under the names that JupyterHub gives them. */
  readonly traits: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly login: ReturnType<typeof loginRules>;
  readonly profiles: readonly (ForGroups & { readonly profile: ProfileEntry })[];
  readonly volumes: readonly (ForGroups & { readonly volume: object; readonly mount: object })[];
  readonly spark: SparkOffer;
  /** Arguments of the idle culler. */
  readonly culler: readonly string[];
  readonly experiments: readonly (ForGroups & {
    readonly name: string;
    readonly environment: Readonly<Record<string, string>>;
  })[];
  readonly tokens: TokenService;
}

const HUB_URL = `http://hub.${NAMESPACE}.svc:${String(RELEASE.ports.hub)}`;

/** User and group of Jupyter's images. */
const NOTEBOOK_USER = { uid: 1000, group: 100 };

export function hubConfiguration(props: ConfigurationProps): HubConfiguration {
  return {
    traits: {
      JupyterHub: hubTraits(props),
      ConfigurableHTTPProxy: {
        api_url: `http://proxy-api:${String(RELEASE.ports.proxyApi)}`,
        should_start: false,
      },
      GenericOAuthenticator: loginTraits(props.login),
      KubeSpawner: spawnerTraits(props),
    },
    login: loginRules(props.login),
    profiles: props.profiles.map((profile) => ({
      groups: profile.groups ?? null,
      profile: profileEntry(profile),
    })),
    volumes: props.sharedVolumes.map(({ name, claim, mountPath, automounted, groups }) => ({
      groups: groups ?? null,
      volume: { name, persistentVolumeClaim: { claimName: claim } },
      mount: {
        name,
        mountPath,
        ...(automounted ? { mountPropagation: 'HostToContainer', readOnly: true } : {}),
      },
    })),
    spark: props.spark ?? { profiles: [], experiments: [] },
    culler: cullerArguments(props.cull),
    experiments: props.experiments.map(({ name, groups, environment }) => ({
      name,
      groups: groups ?? null,
      environment,
    })),
    tokens: tokenService(props.pool?.tokens),
  };
}

function hubTraits({ host, limits }: ConfigurationProps) {
  return {
    spawner_class: 'kubespawner.KubeSpawner',
    db_url: 'sqlite:///jupyterhub.sqlite',
    public_url: `https://${host}/`,
    hub_bind_url: `http://:${String(RELEASE.ports.hub)}`,
    // Notebooks are in another namespace, so the name is a full one.
    hub_connect_url: HUB_URL,
    // A hub that restarts leaves all notebooks as they are.
    cleanup_servers: false,
    last_activity_interval: 60,
    tornado_settings: { slow_spawn_timeout: 0 },
    concurrent_spawn_limit: limits.concurrentSpawns,
    active_server_limit: limits.maxActiveServers,
    allow_named_servers: false,
  };
}

function spawnerTraits(props: ConfigurationProps) {
  const { home, imagePullSecrets, userScheduler } = props;
  const [tokens, pool] = [tokenSettings(), poolSettings(props.pool)];
  return {
    namespace: USERS_NAMESPACE,
    cmd: [...tokens.command, 'jupyterhub-singleuser'],
    environment: { ...tokens.environment, ...pool.environment },
    default_url: '/lab',
    image: RELEASE.images.notebook,
    image_pull_policy: 'IfNotPresent',
    ...(imagePullSecrets.length === 0 ? {} : { image_pull_secrets: imagePullSecrets }),
    start_timeout: START_SECONDS.plain,
    consecutive_failure_limit: 5,
    ...(userScheduler ? { scheduler_name: USER_SCHEDULER } : {}),
    // No label by which a tracker could take pods and homes for objects of an Application.
    common_labels: { 'app.kubernetes.io/name': 'jupyterhub', 'app.kubernetes.io/managed-by': 'kubespawner' },
    component_label: NOTEBOOKS.component,
    extra_labels: TALKS_TO.hub,
    ...security(),
    ...homes(home),
    volumes: { home: HOME_VOLUME, ...tokens.volumes },
    volume_mounts: {
      home: { name: 'home', mountPath: home.mountPath },
      ...tokens.mounts,
      ...pool.mounts,
    },
  };
}

/** All that the Pod Security level `restricted` asks for; notebooks have no rights in the cluster. */
function security() {
  return {
    uid: NOTEBOOK_USER.uid,
    fs_gid: NOTEBOOK_USER.group,
    allow_privilege_escalation: false,
    automount_service_account_token: false,
    pod_security_context: {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
      // A large home is not walked through at each start.
      fsGroupChangePolicy: 'OnRootMismatch',
    },
    container_security_context: { capabilities: { drop: ['ALL'] } },
    extra_pod_config: { enableServiceLinks: false },
  };
}

const HOME_VOLUME = { name: 'home', persistentVolumeClaim: { claimName: '{pvc_name}' } };

/** Homes outlive servers and users: the runbook docs/runbooks/leavers.md says who deletes them. */
function homes({ storageClass, accessMode, size, mountPath }: HomeProps) {
  return {
    storage_pvc_ensure: true,
    storage_class: storageClass,
    storage_access_modes: [accessMode],
    storage_capacity: size.text,
    storage_extra_annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
    delete_pvc: false,
    working_dir: mountPath,
  };
}

function cullerArguments({ idleSeconds, everySeconds, maxAgeSeconds }: CullProps): string[] {
  return [
    `--url=http://localhost:${String(RELEASE.ports.hub)}/hub/api`,
    `--timeout=${String(idleSeconds)}`,
    `--cull-every=${String(everySeconds)}`,
    '--concurrency=10',
    ...(maxAgeSeconds === undefined ? [] : [`--max-age=${String(maxAgeSeconds)}`]),
  ];
}
