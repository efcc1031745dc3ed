import { DIGIT, isAll, LETTER, WORD } from './character-classes.js';

const SERVICES: Readonly<Record<string, readonly number[]>> = {
  ssh: [22, 2222, 22_222],
  telnet: [23, 2323],
  ftp: [20, 21, 2121],
  smtp: [25, 465, 587, 2525],
  dns: [53, 853],
  http: [80, 81, 88, 591, 8000, 8008, 8080, 8081, 8088, 8888],
  https: [443, 4443, 8443, 9443],
  mail: [110, 143, 993, 995],
  windows: [135, 137, 138, 139, 445, 5985, 5986],
  'remote-desktop': [3389, 5800, 5900, 5901, 5902, 5938],
  database: [1433, 1434, 1521, 3306, 5432, 5984, 6379, 7000, 9042, 9200, 9300, 11_211, 27_017, 27_018],
  voice: [1720, 5060, 5061],
  management: [69, 111, 161, 162, 389, 636, 623, 2375, 2376, 4786, 6443, 7547, 10_250],
  industrial: [102, 502, 1883, 1911, 2404, 4840, 8883, 20_000, 44_818, 47_808],
  debugging: [4444, 5555, 9001, 9229],
  time: [37, 123],
};
const SERVICE_OF: ReadonlyMap<number, string> = new Map(
  Object.entries(SERVICES).flatMap(([service, ports]) => ports.map((port) => [port, service] as const)),
);

/** Returns what a port is used for most; `other` where it is none of the common ones. */
export function portService(port: number): string {
  return SERVICE_OF.get(port) ?? 'other';
}

/** Returns the range of a port, as IANA divides them. */
export function portClass(port: number): string {
  return port < 1024 ? 'well-known' : port < 49_152 ? 'registered' : 'dynamic';
}

const SUPERUSERS: ReadonlySet<string> = new Set('root admin administrator superuser sa toor'.split(' '));
const SERVICE_USERS: ReadonlySet<string> = new Set(
  `oracle postgres mysql mongodb redis ftp ftpuser anonymous www www-data apache nginx tomcat jenkins git gitlab svn
  hadoop spark elastic docker vagrant ansible nagios zabbix backup nobody daemon bin sys mail guest user test tester
  demo support operator service ubuntu debian centos ec2-user pi default supervisor`.split(/\s+/),
);

/** Returns what kind of name a user's is: superuser, service, digits, letters, word (those and `_`, `.`, `-`) or other. */
export function userClass(name: string): string {
  const lower = name.toLowerCase();
  if (SUPERUSERS.has(lower)) return 'superuser';
  if (SERVICE_USERS.has(lower)) return 'service';
  if (isAll(name, DIGIT)) return 'digits';
  if (isAll(name, LETTER)) return 'letters';
  return isAll(name, WORD) ? 'word' : 'other';
}

/** Signs of a user agent with the family they tell, the most telling first: browsers name each other. */
const AGENTS: readonly (readonly [sign: string, family: string])[] = [
  ...[
    'masscan',
    'zgrab',
    'nmap',
    'nikto',
    'sqlmap',
    'nuclei',
    'gobuster',
    'dirbuster',
    'wpscan',
    'acunetix',
  ].map((name) => [name, 'scanner'] as const),
  ...[
    'censys',
    'shodan',
    'internet-measurement',
    'paloalto',
    'expanse',
    'netsystemsresearch',
    'l9explore',
  ].map((name) => [name, 'survey'] as const),
  ['curl', 'curl'],
  ['wget', 'wget'],
  ['python', 'python'],
  ['aiohttp', 'python'],
  ['go-http-client', 'go'],
  ['fasthttp', 'go'],
  ['java', 'java'],
  ['okhttp', 'java'],
  ['ruby', 'ruby'],
  ['perl', 'perl'],
  ['node', 'node'],
  ['axios', 'node'],
  ['bot', 'bot'],
  ['spider', 'bot'],
  ['crawl', 'bot'],
  ['edg/', 'edge'],
  ['edge/', 'edge'],
  ['opr/', 'opera'],
  ['firefox', 'firefox'],
  ['chrome', 'chrome'],
  ['safari', 'safari'],
  ['msie', 'explorer'],
  ['trident', 'explorer'],
  ['mozilla', 'mozilla'],
];
const MAX_AGENT = 512;

/** Returns the family of a user agent, `other` where none is known. */
export function agentFamily(agent: string): string {
  const text = agent.slice(0, MAX_AGENT).toLowerCase();
  return AGENTS.find(([sign]) => text.includes(sign))?.[1] ?? 'other';
}

const MAX_SOFTWARE = 32;

/** Returns the software of an SSH client without its version: `libssh2` of `SSH-2.0-libssh2_1.4.3`; null where it says none. */
export function sshSoftware(version: string): string | null {
  const text = version.startsWith("b'") && version.endsWith("'") ? version.slice(2, -1) : version;
  const parts = /^SSH-\d{1,2}\.\d{1,2}-([^\s_-]{1,64})/i.exec(text);
  return parts === null ? null : parts[1]!.slice(0, MAX_SOFTWARE).toLowerCase();
}
