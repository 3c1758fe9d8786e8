import { title } from '../kubernetes/object';
import { at, isFields } from '../kubernetes/read';
import { placed, type Check } from './check';

const PRIVATE_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|AKIA[0-9A-Z]{16}/;

export const secretValues: Check = {
  id: 'AF-SEC-40',
  why: 'What is in git is read by everybody who reads git.',
  needs: 'argocd',
  look: (output) =>
    placed(output).map(({ object }) => {
      const holds = ['data', 'stringData'].some((key) => {
        const values = at(object, key);
        return isFields(values) && Object.keys(values).length > 0;
      });
      return {
        subject: title(object),
        problems: [
          ...(object.kind === 'Secret' && holds ? ['holds values'] : []),
          ...(PRIVATE_KEY.test(JSON.stringify(object))
            ? ['holds something that looks like a private key or token']
            : []),
        ],
      };
    }),
};
