import { title } from '../kubernetes/object';
import { textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

const USER_LINE =
  /^SCITOKENS \/\^(?<issuer>.+),\(\[A-Za-z0-9-\]\+\)\$\/ (?<experiment>[a-z0-9-]+)_\\1@[a-z0-9.-]+$/;
/** What takes more than itself in a regular expression, unless a backslash is in front of it. */
const UNESCAPED = /(?<!\\)[.*+?^${}()|[\]/]/;

function lineProblems(line: string): string[] {
  if (line === 'FS /(.*)/ \\1') return [];
  const issuer = USER_LINE.exec(line)?.groups?.['issuer'];
  if (issuer === undefined) return [`the line ${line} is not anchored, or maps more than one issuer`];
  return UNESCAPED.test(issuer) ? [`the issuer in ${line} is not escaped`] : [];
}

export const mapFiles: Check = {
  id: 'AF-HTC-42',
  why: 'A map line that takes more than its issuer makes strangers into users, and one that stands before another takes its users.',
  needs: 'htcondor',
  look: (output) =>
    ofKind(output, 'ConfigMap').flatMap((map) => {
      const text = textAt(map, 'data', 'condor_mapfile');
      if (text === undefined) return [];
      const lines = text.split('\n').filter((line) => line !== '');
      const issuers = lines.map((line) => USER_LINE.exec(line)?.groups?.['issuer'] ?? line);
      return [
        {
          subject: title(map),
          problems: [
            ...lines.flatMap(lineProblems),
            ...issuers
              .filter((issuer, index) => issuers.indexOf(issuer) < index)
              .map((issuer) => `a line before it takes the users of ${issuer}`),
          ],
        },
      ];
    }),
};
