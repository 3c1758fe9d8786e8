import { title } from '../kubernetes/object';
import { everyMapping, labelsAt, textAt, textsAt } from '../kubernetes/read';
import { placed, type Check } from './check';

/** A registry with a full path, and a tag with a patch level or a digest. */
export const PINNED =
  /^[a-z0-9.-]+\.[a-z]+(?::\d+)?\/[a-z0-9._/-]+:(?:v?\d+\.\d+\.\d+[\w.-]*)(?:@sha256:[0-9a-f]{64})?$/;
const LOOKS_LIKE_IMAGE = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/[a-z0-9._/-]+(?::[\w.-]+)?(?:@\S+)?$/;

export const images: Check = {
  id: 'AF-SEC-41',
  why: 'An image without a full version runs something else tomorrow, and nobody reviewed it.',
  look: (output) =>
    placed(output).flatMap(({ object }) => {
      const containers = [...everyMapping(object)].flatMap((mapping) =>
        ['containers', 'initContainers'].flatMap((key) => (key in mapping ? [mapping[key]] : [])),
      );
      const mappings = containers.flatMap((list) => [...everyMapping(list)]);
      const named = mappings.flatMap((mapping) => textAt(mapping, 'image') ?? []);
      const texts = mappings.flatMap((mapping) => [
        ...Object.values(labelsAt(mapping)),
        ...textsAt(mapping, 'args'),
        ...textsAt(mapping, 'command'),
      ]);
      const passed = texts
        .map((text) => text.replace(/^--[\w-]+=/, ''))
        .filter((text) => LOOKS_LIKE_IMAGE.test(text));
      return [...new Set([...named, ...passed])].map((image) => ({
        subject: `${title(object)}, image ${image}`,
        problems: PINNED.test(image) ? [] : ['has no full registry, path and version'],
      }));
    }),
};
