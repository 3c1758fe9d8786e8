import { balanced, scanLine } from './line-scan';

test.each([
  ['roles: [core, storage', 'roles: [core, storage]'],
  ['solver: { type: http01', 'solver: { type: http01 }'],
  ['- { a: [b }', '- { a: [b] }'],
  ['roles: [core]]', 'roles: [core]'],
  ['a: [{ b: c }', 'a: [{ b: c }]'],
  ['name: "[" # [', 'name: "[" # ['],
])('%s has its brackets closed as %s', (given, expected) => {
  expect(balanced(given)).toBe(expected);
});

test('an apostrophe inside a word is no quote', () => {
  expect(scanLine("name: CERN's lab").quote).toBeUndefined();
  expect(scanLine("name: 'CERN").quote).toEqual({ at: 6, character: "'" });
});

test('doubled and escaped quotes do not end the text', () => {
  expect(scanLine("name: 'CERN''s lab'").broken).toBeUndefined();
  expect(scanLine('name: "a \\" b"').quote).toBeUndefined();
  expect(scanLine("name: 'CERN's lab'").broken).toEqual({ from: 6, quote: "'" });
});
