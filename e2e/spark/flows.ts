import { RELEASE } from '../../lib/spark/release';
import { isOpen, type Flow } from '../jupyterhub/flows';
import type { Container } from '../jupyterhub/pods';

/** A session of an experiment that runs: its notebook, and an executor. */
interface Sides {
  readonly notebook: Container;
  readonly executor: Container;
}

const API_SERVER = 'kubernetes.default.svc';

/**
 * Tries what sessions need and what they must not have.
 *
 * @param plain a notebook without Spark, of the first experiment
 */
export function tryFlows(
  own: Sides & { readonly second: Container },
  other: Sides,
  plain: Container,
): readonly Flow[] {
  const { driver, blockManager } = RELEASE.ports;
  const names = new Map([
    [own.notebook, 'notebook'],
    [own.executor, 'executor'],
    [own.second, 'second executor'],
    [other.notebook, 'notebook of the other'],
    [other.executor, 'executor of the other'],
    [plain, 'notebook without Spark'],
  ]);
  const flow = (from: Container, to: Container, port: number, expected: boolean): Flow => ({
    from: names.get(from) ?? '',
    to: `${names.get(to) ?? ''}:${String(port)}`,
    open: isOpen(from, to.address, port),
    expected,
  });
  const api = (from: Container, expected: boolean): Flow => ({
    from: names.get(from) ?? '',
    to: 'API server',
    open: isOpen(from, API_SERVER, 443),
    expected,
  });
  return [
    flow(own.executor, own.notebook, driver, true),
    flow(own.executor, own.notebook, blockManager, true),
    flow(own.notebook, own.executor, blockManager, true),
    flow(own.executor, own.second, blockManager, true),
    flow(other.executor, other.notebook, driver, true),
    api(own.notebook, true),
    flow(own.executor, other.notebook, driver, false),
    flow(own.executor, other.notebook, blockManager, false),
    flow(other.executor, own.notebook, driver, false),
    flow(own.executor, other.executor, blockManager, false),
    flow(other.executor, own.executor, blockManager, false),
    flow(own.notebook, other.executor, blockManager, false),
    flow(other.notebook, own.executor, blockManager, false),
    flow(other.notebook, own.notebook, driver, false),
    flow(plain, own.notebook, driver, false),
    flow(plain, own.executor, blockManager, false),
    api(plain, false),
    api(own.executor, false),
  ];
}
