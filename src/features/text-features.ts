import type { EventFieldName } from '../data/index.js';
import { type CommandSigns, commandSigns } from './command-signs.js';
import {
  category,
  fraction,
  type Numeric,
  numeric,
  rememberLast,
  share,
  textOf,
  type Unnamed,
} from './feature-definition.js';
import { takeMarks } from './secret-marks.js';
import { countText, type TextCounts } from './text-counts.js';
import { urlParts } from './url-parts.js';

/** Returns a maker of counts of a field's text; where it is absent they are those of an empty text, never missing. */
const countsOf =
  <Facts>(field: EventFieldName, factsOf: (text: string) => Facts) =>
  (description: string, read: (facts: Facts) => number): Numeric =>
    numeric([field])(description, (event) => read(factsOf(textOf(event, field))));

const commandFacts = rememberLast((text) => {
  const marked = takeMarks(text);
  return { counts: countText(marked), signs: commandSigns(marked.text) };
});
const command = countsOf('process.command_line', commandFacts);
const counted = (description: string, read: (counts: TextCounts) => number): Numeric =>
  command(description, ({ counts }) => read(counts));
const signed = (description: string, read: (signs: CommandSigns) => number): Numeric =>
  command(description, ({ signs }) => read(signs));

const urlFacts = rememberLast((text) => {
  const marked = takeMarks(text);
  return { counts: countText(marked), parts: urlParts(marked.text) };
});
const url = countsOf('url.original', urlFacts);

/** What a command line is made of and what it tries to do. */
export const COMMAND_FEATURES: Readonly<Record<string, Unnamed>> = {
  command_length: counted('Characters of the command line.', (c) => c.length),
  command_entropy: fraction(counted('Shannon entropy of its characters, in bits.', (c) => c.entropy)),
  command_tokens: counted('Parts of the command line between white space.', (c) => c.tokens),
  command_longest_token: counted('Characters of the longest of them.', (c) => c.longestToken),
  command_digit_ratio: fraction(
    counted('Digits as a share of the command line.', (c) => share(c.digits, c.length)),
  ),
  command_letter_ratio: fraction(counted('Letters as a share of it.', (c) => share(c.letters, c.length))),
  command_uppercase_ratio: fraction(
    counted('Upper-case letters as a share of it.', (c) => share(c.uppercase, c.length)),
  ),
  command_special_ratio: fraction(
    counted('Characters that are no letter, digit or white space, as a share of it.', (c) =>
      share(c.specials, c.length),
    ),
  ),
  command_downloaders: signed(
    'Words that fetch something: wget, curl, tftp, ftpget and the like.',
    (s) => s.downloaders,
  ),
  command_shell_verbs: signed(
    'Other words of the shell: chmod, rm, busybox, sh and the like.',
    (s) => s.shellVerbs,
  ),
  command_operators: signed(
    'Signs that join or nest commands: `;`, `&`, `&&`, `|`, `||`, a back quote, `$(`.',
    (s) => s.operators,
  ),
  command_base64_runs: signed('Runs that look like base64, of 20 characters or more.', (s) => s.base64Runs),
  command_hex_runs: signed('Words of 16 hex digits or more.', (s) => s.hexRuns),
  command_hex_escapes: signed('Characters written as `\\x41`.', (s) => s.hexEscapes),
  command_percent_escapes: signed('Characters written as `%41`.', (s) => s.percentEscapes),
  command_drop_paths: signed(
    'Paths into folders that anyone may write to: /tmp, /dev/shm and the like.',
    (s) => s.dropPaths,
  ),
  command_addresses: signed('IPv4 addresses in the command line.', (s) => s.addresses),
  command_urls: signed('URLs in the command line.', (s) => s.urls),
};

/** What a URL is made of and asks for. */
export const URL_FEATURES: Readonly<Record<string, Unnamed>> = {
  url_length: url('Characters of the URL.', ({ counts }) => counts.length),
  url_entropy: fraction(url('Shannon entropy of its characters, in bits.', ({ counts }) => counts.entropy)),
  url_percent_escapes: url('Characters written as `%41`.', ({ parts }) => parts.percentEscapes),
  url_depth: url('Segments of its path, the host aside.', ({ parts }) => parts.depth),
  url_query_parameters: url('Parameters of its query.', ({ parts }) => parts.queryParameters),
  url_traversals: url('Steps up with two dots, percent-encoded ones too.', ({ parts }) => parts.traversals),
  url_host_is_address: url(
    '1 where it names its host by an IPv4 address.',
    ({ parts }) => parts.hostIsAddress,
  ),
  url_extension: category(
    'url.original',
    'Kind of file: script, page, binary, archive, data, asset, other, none.',
    (text) => urlFacts(text).parts.extension,
  ),
};
