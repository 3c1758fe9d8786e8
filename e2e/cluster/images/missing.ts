import type { KubernetesObject } from '../../../lib/kubernetes/object';
import { everyMapping, textAt } from '../../../lib/kubernetes/read';
import { IMAGES, NOT_RUN } from './table';

/** With registry and namespace, as container runtimes write what people leave out. */
export function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]|^localhost$/.test(first) ? name : `docker.io/${name}`;
}

/** Names that objects run as containers, whatever kind of object holds the pod, or that Spark is told to run. */
export function imagesOf(objects: readonly KubernetesObject[]): readonly string[] {
  const ofSpark = objects.flatMap((object) => {
    const defaults = textAt(object, 'data', 'spark-defaults.conf') ?? '';
    return /^spark\.kubernetes\.container\.image (\S+)$/m.exec(defaults)?.slice(1) ?? [];
  });
  const names = objects.flatMap((object) =>
    [...everyMapping(object)].flatMap((fields) => {
      const image = textAt(fields, 'image');
      return image !== undefined && textAt(fields, 'name') !== undefined ? [fullName(image)] : [];
    }),
  );
  return [...new Set([...names, ...ofSpark])].sort();
}

/** Names in dist that no stand-in is made for, and that are not among those that do not run here. */
export function missingImages(objects: readonly KubernetesObject[]): readonly string[] {
  return imagesOf(objects).filter(
    (name) => !(name in IMAGES) && !NOT_RUN.some(([pattern]) => pattern.test(name)),
  );
}
