import type { KubernetesObject } from '../kubernetes/object';
import { at } from '../kubernetes/read';
import type { NeededSecret } from '../kubernetes/needed-secret';

/** Objects of one component, as the checks see them. */
export interface CheckedComponent {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  readonly files: Readonly<Record<string, unknown>>;
}

/** All that is generated for a site. */
export interface SiteOutput {
  readonly components: readonly CheckedComponent[];
  /** Secrets that an admin makes. */
  readonly neededSecrets: readonly NeededSecret[];
  /** Taints of the site's nodes where volumes are mounted. */
  readonly taints: readonly NodeTaint[];
  /** Nodes of the site, a pool each. */
  readonly nodes: readonly CheckedNodes[];
  /** Namespace of the site's Prometheus; undefined where it has none. */
  readonly monitoringNamespace: string | undefined;
}

export interface CheckedNodes {
  /** Those by which pods find them, the model of the GPUs included. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those that keep pods away; the others are a wish. */
  readonly taints: readonly NodeTaint[];
  readonly gpus: boolean;
}

export interface NodeTaint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

/** A thing that was looked at, and what is wrong with it. */
export interface Verdict {
  /** The thing, as people say it. */
  readonly subject: string;
  readonly problems: readonly string[];
}

/** A rule on generated objects. */
export interface Check {
  /** Stable id; a number below 40 is that of the assertion in docs/reference/checks.md. */
  readonly id: string;
  /** One sentence: what goes wrong without it. */
  readonly why: string;
  /** Component in whose presence there must be something to look at. @default there may be nothing */
  readonly needs?: string;
  /** A verdict for each thing it looks at. */
  readonly look: (output: SiteOutput) => readonly Verdict[];
}

export interface CheckResult {
  readonly id: string;
  /** How many things were looked at. */
  readonly looked: number;
  readonly findings: readonly string[];
}

/** Runs a check; one that finds nothing to look at where there should be something has failed. */
export function runCheck(check: Check, output: SiteOutput): CheckResult {
  const verdicts = check.look(output);
  const present = output.components.some(({ name }) => name === check.needs);
  const blind =
    verdicts.length === 0 && present
      ? [`${check.id}  component ${check.needs ?? ''}: nothing to look at, so nothing is proven`]
      : [];
  const findings = verdicts.flatMap(({ subject, problems }) =>
    problems.map((problem) => `${check.id}  ${subject}: ${problem}`),
  );
  return { id: check.id, looked: verdicts.length, findings: [...blind, ...findings] };
}

/** Every object of a site with the component it is in. */
export function placed(
  output: SiteOutput,
): readonly { readonly component: string; readonly object: KubernetesObject }[] {
  return output.components.flatMap(({ name, objects }) =>
    objects.map((object) => ({ component: name, object })),
  );
}

export function ofKind(output: SiteOutput, ...kinds: readonly string[]): readonly KubernetesObject[] {
  return placed(output).flatMap(({ object }) => (kinds.includes(object.kind) ? [object] : []));
}

/** Everything whose pods run for long. */
export const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ScaledJob'] as const;

/** The template of the pods that a workload makes. */
export function templateOf({ kind, spec }: KubernetesObject): unknown {
  return kind === 'ScaledJob' ? at(spec, 'jobTargetRef', 'template') : at(spec, 'template');
}
