import type { Bytes, Cpu } from '../kubernetes/quantity';
import { nodeTerm, tolerations, type NodeGroup, type NodeTerm, type Toleration } from './placement';

export interface NotebookImage {
  /** What users read. */
  readonly name: string;
  readonly ref: string;
}

export interface NotebookGpu {
  /** Extended resource, `nvidia.com/gpu` or `nvidia.com/mig-1g.5gb`. */
  readonly resource: string;
  readonly count: number;
  /** @default the runtime that is the default of the nodes knows GPUs */
  readonly runtimeClass?: string;
}

/** A size of notebook that users choose. */
export interface NotebookProfile {
  readonly slug: string;
  readonly displayName: string;
  /** @default users read the name only */
  readonly description?: string;
  readonly cpu: { readonly guarantee: Cpu; readonly limit: Cpu };
  readonly memory: { readonly guarantee: Bytes; readonly limit: Bytes };
  /** Groups of nodes on which it may run; at least one. */
  readonly nodes: readonly NodeGroup[];
  /** @default the notebook sees no GPU, wherever it runs */
  readonly gpu?: NotebookGpu;
  /** At least one; the first is chosen already. */
  readonly images: readonly NotebookImage[];
  /** Anchored pattern of images that users may name. @default only the images of the list */
  readonly unlistedImages?: string;
  readonly default: boolean;
  /** Groups whose members may start it. @default everybody who may log in */
  readonly groups?: readonly string[];
}

/** Settings of KubeSpawner that a profile changes: the keys are names of its traits. */
export interface SpawnerOverride {
  readonly image?: string;
  readonly cpu_guarantee?: number;
  readonly cpu_limit?: number;
  readonly mem_guarantee?: string | number;
  readonly mem_limit?: string | number;
  readonly node_selector?: Readonly<Record<string, string>>;
  readonly node_affinity_required?: readonly NodeTerm[];
  readonly tolerations?: readonly Toleration[];
  readonly extra_resource_limits?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly extra_pod_config?: Readonly<Record<string, unknown>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly volume_mounts?: Readonly<Record<string, unknown>>;
  readonly start_timeout?: number;
  readonly extra_labels?: Readonly<Record<string, string>>;
  readonly service_account?: string;
  readonly automount_service_account_token?: boolean;
  readonly delete_grace_period?: number;
}

/** An entry of KubeSpawner's `profile_list`. */
export interface ProfileEntry {
  readonly slug: string;
  readonly display_name: string;
  readonly description?: string;
  readonly default?: true;
  readonly kubespawner_override: SpawnerOverride;
  readonly profile_options?: { readonly image: ImageOption };
}

interface ImageOption {
  readonly display_name: string;
  readonly choices: Readonly<
    Record<
      string,
      {
        readonly display_name: string;
        readonly default?: true;
        readonly kubespawner_override: SpawnerOverride;
      }
    >
  >;
  readonly unlisted_choice?: {
    readonly enabled: true;
    readonly display_name: string;
    readonly validation_regex: string;
    readonly validation_message: string;
    readonly kubespawner_override: SpawnerOverride;
  };
}

/** Seconds that a server may take to start: images with CUDA are pulled for long. */
export const START_SECONDS = { plain: 300, gpu: 1200 } as const;

/**
 * Selector, toleration and resource of a GPU come from here together: with one of them missing a pod is Pending for
 * ever, or on a node with GPUs and without one.
 *
 * @see https://jupyterhub-kubespawner.readthedocs.io/en/latest/spawner.html#kubespawner.KubeSpawner.profile_list
 */
export function profileEntry(profile: NotebookProfile): ProfileEntry {
  const { slug, displayName, description, images, unlistedImages } = profile;
  const [first, second] = images;
  const chosen = second === undefined && unlistedImages === undefined && first ? { image: first.ref } : {};
  return {
    slug,
    display_name: displayName,
    ...(description === undefined ? {} : { description }),
    ...(profile.default ? { default: true } : {}),
    kubespawner_override: {
      ...chosen,
      cpu_guarantee: cores(profile.cpu.guarantee),
      cpu_limit: cores(profile.cpu.limit),
      mem_guarantee: memory(profile.memory.guarantee),
      mem_limit: memory(profile.memory.limit),
      ...placement(profile.nodes),
      ...gpuSettings(profile.gpu),
    },
    ...('image' in chosen ? {} : { profile_options: { image: imageOption(images, unlistedImages) } }),
  };
}

function placement(nodes: readonly NodeGroup[]): SpawnerOverride {
  const [only, second] = nodes;
  return {
    ...(only && second === undefined
      ? { node_selector: only.labels }
      : { node_affinity_required: nodes.map(nodeTerm) }),
    // A list of a profile takes the place of the one of all profiles, so it is whole.
    tolerations: tolerations(nodes),
  };
}

/** Where the runtime with GPUs is the default of a node, an image with CUDA would see all of them. */
const NO_GPU: SpawnerOverride = { environment: { NVIDIA_VISIBLE_DEVICES: 'void' } };

/** Workers of a training exchange batches in shared memory; 64 MB of the runtime are too few. */
const SHARED_MEMORY: SpawnerOverride = {
  volumes: { 'shared-memory': { name: 'shared-memory', emptyDir: { medium: 'Memory' } } },
  volume_mounts: { 'shared-memory': { name: 'shared-memory', mountPath: '/dev/shm' } },
};

function gpuSettings(gpu: NotebookGpu | undefined): SpawnerOverride {
  if (!gpu) return NO_GPU;
  return {
    // Of an extended resource the request is the limit.
    extra_resource_limits: { [gpu.resource]: String(gpu.count) },
    ...SHARED_MEMORY,
    start_timeout: START_SECONDS.gpu,
    ...(gpu.runtimeClass === undefined ? {} : { extra_pod_config: { runtimeClassName: gpu.runtimeClass } }),
  };
}

function imageOption(images: readonly NotebookImage[], pattern: string | undefined): ImageOption {
  return {
    display_name: 'Image',
    choices: Object.fromEntries(
      images.map(({ name, ref }, index) => [
        name,
        {
          display_name: name,
          ...(index === 0 ? ({ default: true } as const) : {}),
          kubespawner_override: { image: ref },
        },
      ]),
    ),
    ...(pattern === undefined
      ? {}
      : {
          unlisted_choice: {
            enabled: true,
            display_name: 'Another image',
            validation_regex: pattern,
            validation_message: `An image that fits ${pattern}`,
            kubespawner_override: { image: '{value}' },
          },
        }),
  };
}

function cores({ millicores }: Cpu): number {
  return millicores / 1000;
}

const UNITS = ['T', 'G', 'M', 'K'];

/** Memory as KubeSpawner takes it: its K, M, G, T are powers of 1024, and `8Gi` is refused. */
export function memory({ bytes }: Bytes): string | number {
  const step = UNITS.findIndex((_, index) => bytes % 1024 ** (UNITS.length - index) === 0);
  const unit = UNITS[step];
  return unit === undefined ? bytes : `${String(bytes / 1024 ** (UNITS.length - step))}${unit}`;
}
