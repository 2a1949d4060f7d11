/** Writes protobuf the way Kubernetes does. The other direction, and other code, than what the tests look at. */

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  bytes.push(Number(left));
  return Buffer.from(bytes);
};

export const numberField = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);

export const bytesField = (field: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
};

export interface ProtobufList {
  readonly kind: string;
  readonly resourceVersion: string;
  readonly continueToken: string;
  /** Each a whole message without tag and length. */
  readonly items: readonly Buffer[];
}

/** A list in the envelope of https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding */
export const protobufList = ({ continueToken, items, kind, resourceVersion }: ProtobufList): Buffer => {
  const metadata = Buffer.concat([bytesField(1, ''), bytesField(2, resourceVersion), bytesField(3, continueToken)]);
  const list = Buffer.concat([bytesField(1, metadata), ...items.map((item) => bytesField(2, item))]);
  return protobufEnvelope(kind, list);
};

export const protobufEnvelope = (kind: string, raw: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([0x6b, 0x38, 0x73, 0x00]),
    bytesField(1, Buffer.concat([bytesField(1, 'v1'), bytesField(2, kind)])),
    bytesField(2, raw),
    bytesField(3, ''),
    bytesField(4, ''),
  ]);
