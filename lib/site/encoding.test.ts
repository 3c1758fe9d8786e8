import { decode } from './encoding';

const utf16 = (text: string) =>
  Uint8Array.from(Array.from(text).flatMap((character) => [character.charCodeAt(0), 0]));

test('UTF-8 is read, without a byte order mark and with one kind of line end', () => {
  expect(decode(new TextEncoder().encode('\uFEFFname: Zürich\r\nstage: x\rend\n'))).toEqual({
    text: 'name: Zürich\nstage: x\nend\n',
  });
});

test('UTF-16 is known by its mark and without it', () => {
  expect(decode(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toEqual({ encoding: 'UTF-16', offset: 0 });
  expect(decode(Uint8Array.of(0xfe, 0xff, 0, 0x61))).toEqual({ encoding: 'UTF-16', offset: 0 });
  expect(decode(utf16('schemaVersion: 1'))).toEqual({ encoding: 'UTF-16LE', offset: 0 });
  expect(decode(utf16('schemaVersion: 1').subarray(1))).toEqual({ encoding: 'UTF-16BE', offset: 0 });
});

test('the first byte that is not UTF-8 is found', () => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('a: é\nb: '), 0xe9, 0x0a]);
  expect(decode(bytes)).toEqual({ encoding: 'ISO-8859-1', offset: 9 });
  expect(decode(Uint8Array.of(0x61, 0xc3))).toEqual({ encoding: 'ISO-8859-1', offset: 1 });
});

test('quotes of Windows are told from letters of ISO 8859-1', () => {
  expect(decode(Uint8Array.of(0x93, 0x61, 0x94))).toEqual({ encoding: 'WINDOWS-1252', offset: 0 });
});

test('one zero byte is no UTF-16', () => {
  expect(decode(new TextEncoder().encode('name: a\u0000b'))).toEqual({ text: 'name: a\u0000b' });
});
