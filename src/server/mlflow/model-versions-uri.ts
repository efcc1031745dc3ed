/** A uri taken apart as clients of MLflow take it apart. Nothing is thrown away silently: what does not fit is path. */
export interface SourceUri {
  /** In small letters; '' when there is none. */
  readonly scheme: string;
  /** What stands between `//` and the path, in small letters. */
  readonly authority: string;
  /** The authority without user and port. */
  readonly host: string;
  readonly path: string;
  /** The path with percent escapes undone until none is left, without empty parts. */
  readonly decodedPath: string;
}

/** Returns the parts of a uri; any text is one. */
export function splitUri(uri: string): SourceUri {
  // Clients drop these before they look.
  const text = uri.replace(/^[\0- ]+/, '').replace(/[\t\r\n]/g, '');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1] ?? '';
  const rest = scheme === '' ? text : text.slice(scheme.length + 1);
  const [, authority = '', tail = ''] = /^\/\/([^/?#]*)(.*)$/s.exec(rest) ?? [undefined, '', rest];
  const path = tail.replace(/[?#].*$/s, '');
  return {
    scheme: scheme.toLowerCase(),
    authority: authority.toLowerCase(),
    host: authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase(),
    path,
    decodedPath: `/${decodeFully(path).split('/').filter(Boolean).join('/')}`,
  };
}

/** Returns whether a uri, once fully decoded, is anything but an absolute path without `.` and `..` parts and NUL. */
export function hasRelativeParts(uri: string): boolean {
  const decoded = decodeFully(uri.replaceAll('+', ' ')).replaceAll('+', ' ');
  const path = splitUri(decoded).path.replace(/\/+$/, '').replace(/\/+/g, '/');
  if (decoded.includes('\0') || decoded.split('/').includes('..')) return true;
  return !path.startsWith('/') || path.split('/').includes('.');
}

/** Returns whether a path is a folder or something in it; both absolute and without relative parts. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? folder : `${folder}/`);
}

/** Bytes that are no UTF-8 hide nothing, so they are decoded one by one; each round leaves the text shorter. */
function decodeFully(text: string): string {
  let decoded = text;
  while (/%[0-9a-f]{2}/i.test(decoded)) {
    decoded = decoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return decoded;
}
