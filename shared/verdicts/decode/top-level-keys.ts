const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g;

/**
 * The keys of the first JSON object in a text that may break off, without its children's. Passes over what is no JSON; so
 * it tells what a text looks like, and no more.
 */
export const topLevelKeys = (text: string): readonly string[] => {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, key, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth <= 0) break;
    } else if (depth === 1 && key !== undefined && colon !== undefined) keys.push(key);
  }
  return keys;
};
