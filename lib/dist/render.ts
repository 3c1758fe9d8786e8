import YAML from 'yaml';
import type { KubernetesObject } from '../kubernetes/object';

/** Objects of one component, as they go into one folder of dist. */
export interface RenderedComponent {
  readonly name: string;
  /** Objects of another namespace get a folder of its name. @default every namespace gets a folder */
  readonly namespace?: string;
  readonly objects: readonly KubernetesObject[];
  /** Files that are read by Argo CD's tools and are no objects: name to content. */
  readonly files?: Readonly<Record<string, unknown>>;
}

/** Path below the site's folder to the text of the file. */
export type Files = ReadonlyMap<string, string>;

/**
 * Renders every object into a file of its own.
 *
 * @throws Error when two objects claim one file: one of them would be lost
 */
export function render(site: string, components: readonly RenderedComponent[]): Files {
  const files = new Map<string, string>();
  const put = (file: string, content: unknown) => {
    if (files.has(file)) throw new Error(`dist/${site}/${file}: two objects have this path`);
    files.set(file, text(site, content));
  };
  for (const component of components) {
    for (const object of component.objects) put(objectPath(component, object), object);
    for (const [file, content] of Object.entries(component.files ?? {}))
      put(`${component.name}/${file}`, content);
  }
  return files;
}

function objectPath(component: RenderedComponent, { kind, metadata }: KubernetesObject): string {
  const away = metadata.namespace !== undefined && metadata.namespace !== component.namespace;
  const folder = away ? `${component.name}/${metadata.namespace}` : component.name;
  return `${folder}/${kind.toLowerCase()}.${metadata.name.replaceAll(':', '_')}.yaml`;
}

/** The mark by which the writer knows its own files. */
export const GENERATED = '# Generated from sites/';

function text(site: string, content: unknown): string {
  const document = new YAML.Document(content, {
    aliasDuplicateObjects: false,
    sortMapEntries: true,
    compat: 'yaml-1.1',
  });
  const body = document.toString({ lineWidth: 0, singleQuote: true, blockQuote: 'literal' });
  return `${GENERATED}${site}/site.yaml by npm run synth; changes made here are lost.\n${body}`;
}
