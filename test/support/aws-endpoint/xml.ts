/** What an answer holds. In XML a list is the element `item` (EC2) or `member` (query), by the list's own wrapper. */
export type Tree = { readonly [name: string]: Tree | readonly Tree[] | readonly string[] | string | number | boolean };

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const element = (name: string, value: Tree[string]): string => {
  if (Array.isArray(value)) {
    // EC2 names its list elements in lower camel case and their members item; the query services say member.
    const member = /^[a-z]/.test(name) ? 'item' : 'member';
    const members: readonly (Tree | string)[] = value;
    return `<${name}>${members.map((one) => element(member, one)).join('')}</${name}>`;
  }
  if (typeof value === 'object') {
    // Array.isArray does not narrow a readonly array away: what is left is a tree.
    const inner = Object.entries(value as Tree).map(([key, child]) => element(key, child));
    return `<${name}>${inner.join('')}</${name}>`;
  }
  return `<${name}>${escape(String(value))}</${name}>`;
};

export const toXml = (root: string, tree: Tree): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${element(root, tree)}`;
