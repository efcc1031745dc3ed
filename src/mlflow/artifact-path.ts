import { PhantomNetError, show } from '../core/index.js';

const MAX_PATH_LENGTH = 4_096;
/** What is still percent-encoded after so many times is meant to hide something; decoding on would cost the square of its length. */
const MAX_DECODES = 10;

/**
 * Returns what an `mlflow-artifacts:` uri names: a path below the artifact root of the server at `host`, '' for whichever
 * server gave the uri. Returns undefined for any other uri. The path is not checked.
 */
export function parseProxyUri(uri: string): { readonly host: string; readonly path: string } | undefined {
  const match = /^mlflow-artifacts:(?:\/\/([^/]*))?(.*)$/is.exec(uri);
  if (match === null) return undefined;
  return { host: match[1] ?? '', path: (match[2] ?? '').replace(/^\/+|\/+$/g, '') };
}

/**
 * Returns the path when it names something below an artifact root, with `/` between its parts; '' is the root itself.
 * What is refused is what some server, client or system on the way could read as another place: absolute paths,
 * empty, `.` and `..` parts, backslashes, drive letters, control characters, `#` and `?`, also when percent-encoded
 * any number of times. Throws INVALID_PARAMETER.
 */
export function checkArtifactPath(path: string): string {
  const forms = path.length > MAX_PATH_LENGTH ? [path] : decodedForms(path);
  for (const [decodes, form] of forms.entries()) {
    const reason =
      decodes === MAX_DECODES && isEncoded(form) ? 'is encoded too many times' : reasonAgainst(form);
    if (reason === undefined) continue;
    throw new PhantomNetError('INVALID_PARAMETER', `artifact path ${show(path)} ${reason}`, {
      hint: 'use a path relative to the artifact root, such as plots/roc.json',
      details: { parameter: 'path', given: path },
    });
  }
  return path;
}

/** Returns the path, then each form that percent-decoding again and again makes of it, ten at most. */
function decodedForms(path: string): string[] {
  const forms = [path];
  while (forms.length <= MAX_DECODES && isEncoded(forms.at(-1) ?? '')) {
    // Decoded byte by byte: bytes that are not UTF-8 hide nothing, and `%` itself may stand before hex digits again.
    const next = (forms.at(-1) ?? '').replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    forms.push(next);
  }
  return forms;
}

function isEncoded(path: string): boolean {
  return /%[0-9a-f]{2}/i.test(path);
}

function reasonAgainst(path: string): string | undefined {
  if (path === '') return undefined;
  if (path.length > MAX_PATH_LENGTH) return `is longer than ${MAX_PATH_LENGTH} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'has a control character';
  if (path.startsWith('/')) return 'is absolute';
  if (/(?:^|\/)[a-z]:/i.test(path)) return 'has a drive letter';
  if (path.includes('\\')) return "has a '\\'";
  if (/[#?]/.test(path)) return "has a '#' or '?'";
  const parts = path.split('/');
  if (parts.includes('..')) return "has a '..' part";
  if (parts.includes('.') || parts.includes('')) return "has an empty or '.' part";
  return undefined;
}
