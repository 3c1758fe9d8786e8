import type { KubernetesObject } from '../../kubernetes/object';
import { isFields, textAt } from '../../kubernetes/read';
import type { SiteOutput } from '../check';

/** A mistake that is planted. */
export type Change = (output: SiteOutput) => SiteOutput;
/** Fields and places of lists, from the object on. */
export type Steps = readonly (string | number)[];

/** Sets a field of one object; `undefined` removes it. */
export const set =
  (kind: string, name: string, steps: Steps, value: unknown): Change =>
  (output) =>
    mapObjects(output, (object) =>
      object.kind === kind && object.metadata.name === name
        ? asObject(replaced(object, steps, value))
        : object,
    );

/** Adds an object to a component. */
export const add =
  (component: string, object: object): Change =>
  (output) => ({
    ...output,
    components: output.components.map((each) =>
      each.name === component ? { ...each, objects: [...each.objects, asObject(object)] } : each,
    ),
  });

/** Takes objects away. */
export const drop =
  (kind: string, name: RegExp): Change =>
  (output) => ({
    ...output,
    components: output.components.map((each) => ({
      ...each,
      objects: each.objects.filter((object) => object.kind !== kind || !name.test(object.metadata.name)),
    })),
  });

export function mapObjects(
  output: SiteOutput,
  change: (object: KubernetesObject) => KubernetesObject,
): SiteOutput {
  return {
    ...output,
    components: output.components.map((each) => ({ ...each, objects: each.objects.map(change) })),
  };
}

export function replaced(value: unknown, [step, ...rest]: Steps, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? replaced(item, rest, by) : item));
  const fields = isFields(value) ? value : {};
  const { [step]: old, ...others } = fields;
  const fresh = replaced(old, rest, by);
  return fresh === undefined ? others : { ...others, [step]: fresh };
}

export function asObject(value: unknown): KubernetesObject {
  return JSON.parse(JSON.stringify(value)) as KubernetesObject;
}

/** Changes a text in one file of a ConfigMap. */
export const inFile =
  (map: string, file: string, from: string, to: string): Change =>
  (output) =>
    mapObjects(output, (object) =>
      object.kind === 'ConfigMap' && object.metadata.name === map
        ? asObject(replaced(object, ['data', file], textAt(object, 'data', file)?.replace(from, to) ?? ''))
        : object,
    );

export const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];
const EXTRA_POD = ['spec', 'jobTargetRef', 'template', 'spec'];

/** Sets a field of the pod of extra GPU workers. */
export const extra = (steps: Steps, value: unknown) =>
  set('ScaledJob', 'execute-a100-extra', [...EXTRA_POD, ...steps], value);

/** By the id of a check, what must turn it red: something that the field has got wrong before, or that a careless change would. */
export type Faults = Readonly<Record<string, readonly Change[]>>;
