import { PhantomNetError, show } from '../../core/index.js';

const MAX_LENGTH = 2_048;
/** How often a location is decoded before it is taken for one that hides something. */
const MAX_DECODES = 10;
/** Schemes by which a location names the host that a server would connect to. */
const HOST_SCHEMES = new Set('ftp sftp hdfs viewfs http https mlflow-artifacts r2 b2 abfss'.split(' '));

/**
 * Throws INVALID_PARAMETER for an artifact location that MLflow refuses: with a fragment or `;` params, with `..` in its
 * query however it is encoded, of a scheme that names a host, `runs:`, or too long. Others are kept as text: no
 * route opens one that is not below the artifact root.
 */
export function checkArtifactLocation(location: string): void {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(location) ?? ['', '', location];
  const name = scheme.toLowerCase();
  const [beforeFragment = '', fragment] = split(rest, '#');
  const [path = '', query = ''] = split(beforeFragment, '?');
  const hasParams = (scheme === '' || HOST_SCHEMES.has(name)) && endsInParams(path);
  if (fragment || hasParams) refuse(location, 'a fragment or params');
  if (decodeFully(query).includes('..')) refuse(location, "'..' in its query");
  const hasHost = rest.startsWith('//') && !rest.startsWith('///');
  if (HOST_SCHEMES.has(name) && (hasHost || name !== 'mlflow-artifacts')) refuse(location, 'a host');
  if (location.startsWith('runs:')) refuse(location, 'the scheme runs:');
  if ([...location].length > MAX_LENGTH) refuse(location, `more than ${MAX_LENGTH} characters`);
}

function split(text: string, at: string): [string, string?] {
  const i = text.indexOf(at);
  return i === -1 ? [text] : [text.slice(0, i), text.slice(i + 1)];
}

/** The last segment of a path may carry `;` params, in the schemes that know them. */
function endsInParams(path: string): boolean {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const i = last.indexOf(';');
  return i !== -1 && i < last.length - 1;
}

function decodeFully(text: string): string {
  let current = text;
  for (let i = 0; i < MAX_DECODES; i++) {
    const decoded = current.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === current) return current;
    current = decoded;
  }
  // What is still encoded after so many times is meant to hide something.
  return '..';
}

function refuse(location: string, what: string): never {
  throw new PhantomNetError('INVALID_PARAMETER', `artifact_location ${show(location)} has ${what}`, {
    hint: 'leave artifact_location out: the server chooses a place below its artifact root',
    details: { parameter: 'artifact_location' },
  });
}
