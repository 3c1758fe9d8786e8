import { title } from '../kubernetes/object';
import { labelsAt, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

export const storageClasses: Check = {
  id: 'AF-LH-05',
  why: 'Longhorn remakes the classes longhorn and longhorn-static, and a second default class makes claims a matter of luck.',
  needs: 'storage',
  look(output) {
    const classes = ofKind(output, 'StorageClass');
    const embedded = ofKind(output, 'ConfigMap')
      .filter(({ metadata }) => metadata.name === 'longhorn-storageclass')
      .map((object) => /is-default-class: ["']?true/.test(textAt(object, 'data', 'storageclass.yaml') ?? ''));
    const defaults =
      classes.filter((each) => labelsAt(each, 'metadata', 'annotations')[DEFAULT] === 'true').length +
      embedded.filter(Boolean).length;
    if (classes.length === 0) return [];
    return [
      ...classes.map((each) => ({
        subject: title(each),
        problems: /^longhorn(?:-static)?$/.test(each.metadata.name) ? ["has a name of Longhorn's own"] : [],
      })),
      {
        subject: 'default storage class',
        problems: defaults === 1 ? [] : [`there are ${String(defaults)}, not one`],
      },
    ];
  },
};
