import { blocksOf } from './blocks';
import { guide } from './guide';

const PAGE = `# A page

Text with \`code\` in it.

\`\`\`python
print(1)

print(2)
\`\`\`

1. In a list

   ~~~bash
   if true; then
     echo yes
   fi
   ~~~

\`\`\`\`
no language, and \`\`\` inside
\`\`\`\`
`;

test('every fenced piece is found, with its place, its language and its text as it is copied', () => {
  expect(blocksOf('page.md', PAGE)).toEqual([
    { place: 'page.md:6', language: 'python', text: 'print(1)\n\nprint(2)\n' },
    { place: 'page.md:14', language: 'bash', text: 'if true; then\n  echo yes\nfi\n' },
    { place: 'page.md:20', language: '', text: 'no language, and ``` inside\n' },
  ]);
});

test('a piece that does not end is an error', () => {
  expect(() => blocksOf('page.md', 'a\n```python\nprint(1)\n')).toThrow('page.md:2');
});

test('all code of the user guide is in a language that the suite runs', () => {
  const blocks = guide().flatMap((page) => page.blocks);
  expect(blocks.length).toBeGreaterThan(5);
  const others = blocks.filter(({ language }) => !['python', 'sh'].includes(language));
  expect(others.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
});
