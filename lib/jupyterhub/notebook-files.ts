import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { labels } from './metadata';
import { poolFiles, type Examples, type PoolAccess } from './pool-access';
import { USERS_NAMESPACE } from './release';
import { NOTEBOOK_FILES, START_PROGRAM } from './tokens';

export interface NotebookFilesProps {
  /** Text of `start_notebook.py`. */
  readonly startProgram: string;
  readonly examples: Examples;
  /** @default there is no pool, and nothing about one */
  readonly pool?: PoolAccess;
}

/** What all notebooks mount: the program that starts them, settings, and examples. */
export class NotebookFiles extends Construct {
  constructor(scope: Construct, id: string, { startProgram, examples, pool }: NotebookFilesProps) {
    super(scope, id);
    new k8s.KubeConfigMap(this, 'files', {
      metadata: { name: NOTEBOOK_FILES, namespace: USERS_NAMESPACE, labels: labels('notebook-files') },
      data: { [START_PROGRAM]: startProgram, ...(pool ? poolFiles(pool, examples) : {}) },
    });
  }
}
