import { Chart, type App } from 'cdk8s';
import type { Component } from './argocd/applications';
import type { NeededSecret } from './kubernetes/needed-secret';

/** A component of a site: its objects, and where Argo CD puts them. */
export class ComponentChart extends Chart {
  constructor(
    app: App,
    readonly component: Component,
    /** Secrets that must be there before the component works. */
    readonly neededSecrets: readonly NeededSecret[] = [],
    /** Files of the component that are no objects: name to content. */
    readonly files: Readonly<Record<string, unknown>> = {},
  ) {
    super(app, component.name, { disableResourceNameHashes: true });
  }
}
