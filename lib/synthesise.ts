import type { KubernetesObject } from './kubernetes/object';
import { isFields, textAt } from './kubernetes/read';
import type { NeededSecret } from './kubernetes/needed-secret';
import { buildSite, componentCharts, type Programs } from './build-site';
import { CHECKS } from './checks';
import { runCheck, type CheckResult } from './checks/check';
import { render, type Files } from './dist/render';
import { gpuLabels } from './site/node-labels';
import type { Site } from './site/schema';
import { nodeTaints } from './site-props/storage';

/** All that follows from a site. */
export interface Synthesis {
  readonly files: Files;
  readonly checks: readonly CheckResult[];
  readonly neededSecrets: readonly NeededSecret[];
}

/** From a site to the files of dist and what the checks say of them. Pure: the same site gives the same bytes. */
export function synthesise(site: Site, programs: Programs): Synthesis {
  const output = siteOutput(site, programs);
  return {
    files: render(site.site.name, output.components),
    checks: CHECKS.map((check) => runCheck(check, output)),
    neededSecrets: output.neededSecrets,
  };
}

/** The plain objects of every component of a site. */
export function siteOutput(site: Site, programs: Programs) {
  const charts = componentCharts(buildSite(site, programs));
  return {
    components: charts.map((chart) => ({
      ...chart.component,
      files: chart.files,
      objects: objectsOf(chart.component.name, chart.toJson()),
    })),
    neededSecrets: charts.flatMap((chart) => chart.neededSecrets),
    taints: site.storage ? nodeTaints(site) : [],
    nodes: site.nodePools.map((pool) => ({
      labels: gpuLabels(pool),
      taints: pool.taints.filter(({ effect }) => effect !== 'PreferNoSchedule'),
      gpus: pool.gpu !== undefined,
    })),
    monitoringNamespace: site.monitoring?.prometheus.namespace,
  };
}

function objectsOf(component: string, objects: readonly unknown[]): KubernetesObject[] {
  return objects.map((object) => {
    if (!isKubernetesObject(object))
      throw new Error(`component ${component} makes something that is no Kubernetes object`);
    return object;
  });
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  return (
    isFields(value) &&
    [textAt(value, 'apiVersion'), textAt(value, 'kind'), textAt(value, 'metadata', 'name')].every(
      (text) => text !== undefined,
    )
  );
}
