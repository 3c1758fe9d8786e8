import { title } from '../kubernetes/object';
import { labelsAt, textAt, textsAt } from '../kubernetes/read';
import { ofKind, placed, type Check } from './check';

export const longhornDeletion: Check = {
  id: 'AF-LH-02',
  why: 'Deleting the Application of Longhorn must leave every volume where it is.',
  needs: 'longhorn',
  look: (output) => [
    ...ofKind(output, 'ConfigMap')
      .filter(({ metadata }) => metadata.name === 'longhorn-default-setting')
      .map((object) => ({
        subject: title(object),
        problems: /^deleting-confirmation-flag: "false"$/m.test(
          textAt(object, 'data', 'default-setting.yaml') ?? '',
        )
          ? []
          : ['does not state deleting-confirmation-flag: "false"'],
      })),
    ...ofKind(output, 'Application')
      .filter(({ metadata }) => metadata.name === 'longhorn')
      .map((object) => ({
        subject: title(object),
        problems: textsAt(object, 'metadata', 'finalizers').map(
          (finalizer) => `has the finalizer ${finalizer}`,
        ),
      })),
    ...placed(output).flatMap(({ object }) => {
      const hook = labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/hook'];
      return hook === undefined
        ? []
        : [{ subject: title(object), problems: /(?:Pre|Post)Delete/.test(hook) ? [`runs as ${hook}`] : [] }];
    }),
  ],
};
