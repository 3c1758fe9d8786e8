import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compare, listFiles, write } from './write';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dist-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const files = (entries: Record<string, string>) => new Map(Object.entries(entries));

test('a folder holds exactly the files after writing', () => {
  write(folder, files({ 'a/one.yaml': '1', 'a/two.yaml': '2' }));
  write(folder, files({ 'a/two.yaml': '2', 'b/three.yaml': '3' }));
  expect(listFiles(folder)).toEqual(['a/two.yaml', 'b/three.yaml']);
});

test('a file that is equal already is not touched', () => {
  write(folder, files({ 'one.yaml': '1', 'two.yaml': '2' }));
  utimesSync(path.join(folder, 'one.yaml'), 1000, 1000);
  expect(write(folder, files({ 'one.yaml': '1', 'two.yaml': 'other' }))).toEqual({
    added: [],
    changed: ['two.yaml'],
    removed: [],
  });
  expect(statSync(path.join(folder, 'one.yaml')).mtimeMs).toBe(1_000_000);
});

test('comparing writes nothing and names what differs', () => {
  write(folder, files({ 'same.yaml': '1', 'old.yaml': '1', 'changed.yaml': '1' }));
  const difference = compare(folder, files({ 'same.yaml': '1', 'changed.yaml': '2', 'new.yaml': '3' }));
  expect(difference).toEqual({ added: ['new.yaml'], changed: ['changed.yaml'], removed: ['old.yaml'] });
  expect(listFiles(folder).sort()).toEqual(['changed.yaml', 'old.yaml', 'same.yaml']);
});

test('the half-written file of a run that was killed goes with the next', () => {
  mkdirSync(path.join(folder, 'a'));
  writeFileSync(path.join(folder, 'a', 'one.yaml.half'), 'half of i');
  write(folder, files({ 'a/one.yaml': 'whole' }));
  expect(listFiles(folder)).toEqual(['a/one.yaml']);
  expect(readFileSync(path.join(folder, 'a', 'one.yaml'), 'utf8')).toBe('whole');
});

test('a link out of the folder is removed, not followed', () => {
  const outside = mkdtempSync(path.join(tmpdir(), 'outside-'));
  writeFileSync(path.join(outside, 'precious'), 'data');
  symlinkSync(outside, path.join(folder, 'link'));
  write(folder, files({ 'one.yaml': '1' }));
  expect(existsSync(path.join(outside, 'precious'))).toBe(true);
  expect(listFiles(folder)).toEqual(['one.yaml']);
  rmSync(outside, { recursive: true });
});
