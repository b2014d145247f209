/** From bytes to text: byte order marks, UTF-16 without one, bytes that are no UTF-8. */

export interface Decoded {
  text: string;
  /** Bytes that are no text at all stand in it as U+FFFD. */
  garbled: boolean;
}

/** UTF-16 without a mark: every other byte of the beginning is zero. */
function utf16(bytes: Buffer): 'le' | 'be' | undefined {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return 'le';
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) return 'be';
  const head = bytes.subarray(0, 64);
  let even = 0;
  let odd = 0;
  head.forEach((byte, index) => {
    if (byte !== 0) return;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  });
  const half = Math.floor(head.length / 2);
  if (half < 8) return undefined;
  if (odd > 0.8 * half && even === 0) return 'le';
  return even > 0.8 * half && odd === 0 ? 'be' : undefined;
}

/** Decodes the bytes of a log; nothing is ever refused. */
export function decode(bytes: Buffer): Decoded {
  const wide = utf16(bytes);
  if (wide) {
    const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
    const text = wide === 'le' ? even.toString('utf16le') : Buffer.from(even).swap16().toString('utf16le');
    return { text: text.replace(/^\ufeff/, ''), garbled: false };
  }
  const text = bytes.toString('utf8');
  return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, garbled: text.includes('\ufffd') };
}
