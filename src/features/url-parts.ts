import { isAddress, isHexPair } from './command-signs.js';

/** What a URL, or the path of one, asks for. */
interface UrlParts {
  /** Segments of the path. */
  readonly depth: number;
  /** Parameters of the query. */
  readonly queryParameters: number;
  /** Characters written as `%41`. */
  readonly percentEscapes: number;
  /** Steps up with two dots, also where dots or slashes are percent-encoded, once or twice. */
  readonly traversals: number;
  /** What kind of file its extension says. */
  readonly extension: string;
  /** 1 where it names a host by its IPv4 address. */
  readonly hostIsAddress: 0 | 1;
}

const EXTENSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    script: 'sh bash py pl rb ps1 bat cmd vbs js jse wsf lua',
    page: 'php php3 php5 phtml asp aspx jsp jspx cgi do action html htm shtml cfm',
    binary:
      'exe dll bin elf so apk jar msi arm arm4 arm5 arm6 arm7 mips mpsl mipsel x86 x64 i586 i686 ppc sh4 spc m68k',
    archive: 'zip gz tgz tar rar 7z bz2 xz',
    data: 'json xml txt csv sql db bak old log ini conf cfg env yml yaml key pem',
    asset: 'css png jpg jpeg gif ico svg webp woff woff2 ttf map',
  }).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind])),
);

/** Returns the parts of a URL as it was written; nothing of it is decoded. O(length). */
export function urlParts(url: string): UrlParts {
  const scheme = url.indexOf('://');
  const isWhole = scheme > 0 && !url.slice(0, scheme).includes('/');
  const host = isWhole ? hostOf(url, scheme + 3) : '';
  const path = isWhole ? scheme + 3 + host.length : 0;
  const query = indexOrEnd(url, '?', path);
  const fragment = indexOrEnd(url, '#', path);
  const segments = url.slice(path, Math.min(query, fragment)).split('/').filter(Boolean);
  const parameters =
    query < fragment
      ? url
          .slice(query + 1, fragment)
          .split('&')
          .filter(Boolean)
      : [];
  return {
    depth: segments.length,
    queryParameters: parameters.length,
    percentEscapes: countEscapes(url),
    traversals: countTraversals(url),
    extension: extensionOf(segments.at(-1) ?? ''),
    hostIsAddress: isAddress(host.slice(host.indexOf('@') + 1).split(':', 1)[0]!) ? 1 : 0,
  };
}

function hostOf(url: string, from: number): string {
  return url.slice(from, Math.min(...['/', '?', '#'].map((sign) => indexOrEnd(url, sign, from))));
}

function indexOrEnd(text: string, sign: string, from: number): number {
  const index = text.indexOf(sign, from);
  return index < 0 ? text.length : index;
}

function extensionOf(file: string): string {
  const dot = file.lastIndexOf('.');
  if (dot < 0 || dot === file.length - 1) return 'none';
  return EXTENSIONS.get(file.slice(dot + 1).toLowerCase()) ?? 'other';
}

function countEscapes(url: string): number {
  let count = 0;
  for (let at = url.indexOf('%'); at >= 0; at = url.indexOf('%', at + 1)) if (isHexPair(url, at + 1)) count++;
  return count;
}

const DOTS = ['.', '%2e', '%252e', '%c0%ae'] as const;
const SLASHES = ['/', '\\', '%2f', '%5c', '%252f', '%255c', '%c0%af'] as const;

function countTraversals(url: string): number {
  const text = url.toLowerCase();
  let count = 0;
  for (let i = 0; i < text.length; ) {
    const first = lengthAt(text, i, DOTS);
    if (first === 0) {
      i++;
      continue;
    }
    const second = lengthAt(text, i + first, DOTS);
    const end = i + first + second;
    const step = second > 0 && (end === text.length || lengthAt(text, end, SLASHES) > 0);
    if (step) count++;
    i = second > 0 ? end : i + first;
  }
  return count;
}

/** Returns the length of the spelling that stands at an index, 0 where none does. */
function lengthAt(text: string, index: number, spellings: readonly string[]): number {
  const first = text[index];
  for (const spelling of spellings)
    if (spelling[0] === first && text.startsWith(spelling, index)) return spelling.length;
  return 0;
}
