import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';

/** EC2 takes 16 kB of user data; packed text may be larger once opened, a bomb is not opened further than this. */
export const MAX_USER_DATA = 1024 * 1024;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Strict base64, line breaks allowed; nothing where it is something else or too long. */
export const fromBase64 = (encoded: string): Buffer | undefined => {
  if (encoded.length > 2 * MAX_USER_DATA) return undefined;
  const packed = encoded.replace(/\s+/g, '');
  return BASE64.test(packed) ? Buffer.from(packed, 'base64') : undefined;
};

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Opens gzip, as cloud-init and nodeadm do. Nothing where it is damaged or opens to more than the bound. */
const unpacked = (bytes: Buffer): Buffer | undefined => {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_USER_DATA });
  } catch {
    return undefined;
  }
};

/** Bytes as text, opened where they are packed; nothing where no text comes out within the bound. */
export const asText = (bytes: Buffer): string | undefined => {
  const plain = unpacked(bytes);
  if (plain === undefined || plain.length > MAX_USER_DATA || !isUtf8(plain) || plain.includes(0)) return undefined;
  return plain.toString('utf8');
};
