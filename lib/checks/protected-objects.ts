import { title } from '../kubernetes/object';
import { at, labelsAt } from '../kubernetes/read';
import { placed, type Check } from './check';

/** Kinds that hold data, or are held by what does. */
const KINDS = ['Namespace', 'PersistentVolumeClaim', 'PersistentVolume', 'AppProject'];

export const protectedObjects: Check = {
  id: 'AF-ARGO-13',
  why: 'Prune=false alone does not help when the Application is deleted: what holds data needs Delete=false as well, in one annotation.',
  needs: 'namespaces',
  look: (output) =>
    placed(output).flatMap(({ object }) => {
      const isCa = object.kind === 'Certificate' && at(object, 'spec', 'isCA') === true;
      const retains = object.kind === 'StorageClass' && object['reclaimPolicy'] === 'Retain';
      if (!KINDS.includes(object.kind) && !isCa && !retains) return [];
      const options = (
        labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-options'] ?? ''
      ).split(',');
      const missing = ['Prune=false', 'Delete=false'].filter((option) => !options.includes(option));
      return [
        { subject: title(object), problems: missing.map((option) => `lacks the sync option ${option}`) },
      ];
    }),
};
