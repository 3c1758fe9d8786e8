/** Text of a file, or the encoding it seems to have instead of UTF-8. */
export type Decoded = { readonly text: string } | { readonly encoding: string; readonly offset: number };

/**
 * Decodes UTF-8 strictly: a wrong encoding is found here and not as a strange letter in a name. A byte order mark and the
 * line ends of Windows are taken, and do not reach the text.
 */
export function decode(bytes: Uint8Array): Decoded {
  const encoding = utf16(bytes);
  if (encoding !== undefined) return { encoding, offset: 0 };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text: text.replace(/\r\n?/g, '\n') };
  } catch {
    // Windows has letters and quotes where ISO 8859-1 has control characters, which nobody types.
    const windows = bytes.some((byte) => byte >= 0x80 && byte <= 0x9f);
    return { encoding: windows ? 'WINDOWS-1252' : 'ISO-8859-1', offset: firstInvalid(bytes) };
  }
}

/** By its mark, or because every second byte of Latin text is zero. */
function utf16(bytes: Uint8Array): string | undefined {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  const zeros = bytes.filter((byte) => byte === 0).length;
  if (zeros * 3 < bytes.length || zeros === 0) return undefined;
  return first === 0 ? 'UTF-16BE' : 'UTF-16LE';
}

/** Offset of the first byte that is not UTF-8, by halving: a prefix is valid or it is not. */
function firstInvalid(bytes: Uint8Array): number {
  const valid = (end: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let [low, high] = [0, bytes.length];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (valid(middle)) low = middle;
    else high = middle;
  }
  // The prefix may end in the middle of a letter: that letter is the wrong one.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, low), { stream: true });
  return new TextEncoder().encode(text).length;
}
