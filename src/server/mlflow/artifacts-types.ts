/** What MLflow shows as text, whatever its kind. */
const TEXT = new Set(
  (
    'txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ipynb ' +
    'MLmodel MLproject bat c h ksh pl srt'
  ).split(' '),
);

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'application/javascript': 'mjs',
    'application/msword': 'doc',
    'application/pdf': 'pdf',
    'application/postscript': 'ps eps ai',
    'application/vnd.ms-excel': 'xls',
    'application/vnd.ms-powerpoint': 'ppt',
    'application/wasm': 'wasm',
    'application/x-hdf5': 'h5',
    'application/x-netcdf': 'nc cdf',
    'application/x-python-code': 'pyc',
    'application/x-sh': 'sh',
    'application/x-tar': 'tar',
    'application/zip': 'zip',
    'audio/mpeg': 'mp3',
    'audio/x-wav': 'wav',
    'image/avif': 'avif',
    'image/bmp': 'bmp',
    'image/gif': 'gif',
    'image/jpeg': 'jpg jpeg jpe',
    'image/png': 'png',
    'image/svg+xml': 'svg',
    'image/tiff': 'tif tiff',
    'image/vnd.microsoft.icon': 'ico',
    'image/webp': 'webp',
    'text/css': 'css',
    'text/html': 'html htm',
    'video/mp4': 'mp4',
    'video/mpeg': 'mpeg mpg',
    'video/quicktime': 'mov qt',
    'video/webm': 'webm',
    'video/x-msvideo': 'avi',
  }).flatMap(([type, endings]) => endings.split(' ').map((ending) => [ending, type] as const)),
);

/** Returns the content type that MLflow gives a file of that name. */
export function contentTypeOf(name: string): string {
  const dot = name.lastIndexOf('.');
  const ending = dot <= 0 ? name : name.slice(dot + 1);
  if (TEXT.has(ending)) return 'text/plain';
  return TYPES.get(ending.toLowerCase()) ?? 'application/octet-stream';
}
