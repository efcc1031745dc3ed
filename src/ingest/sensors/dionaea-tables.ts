import { serviceProtocol } from './dionaea-fields.js';
import { type FieldRule, fieldRule } from './field-rules.js';
import { address, epochTime, lowerText, port, text } from './values.js';

/** One table of Dionaea's database whose rows are events. */
export interface DionaeaTable {
  readonly name: string;
  readonly action: string;
  readonly category: string;
  readonly rules: readonly FieldRule[];
  /** The column that holds a password. */
  readonly password?: string;
  /** The table between this one and the connections, with the column that both have. */
  readonly through?: { readonly table: string; readonly key: string };
}

/** The table that all others refer to. */
export const CONNECTIONS: DionaeaTable = {
  name: 'connections',
  action: 'dionaea.connection',
  category: 'network',
  rules: [],
};

/** The longest value that is read. */
export const MAX_VALUE_BYTES = 65_536;

/** What is read of the connection that a row belongs to. */
export const CONNECTION_RULES: readonly FieldRule[] = [
  fieldRule('@timestamp', 'connection_timestamp', epochTime),
  fieldRule('session', 'connection', text),
  fieldRule('source.ip', 'remote_host', address),
  fieldRule('source.port', 'remote_port', port),
  fieldRule('destination.ip', 'local_host', address),
  fieldRule('destination.port', 'local_port', port),
  fieldRule('network.transport', 'connection_transport', lowerText),
  fieldRule('network.protocol', 'connection_protocol', serviceProtocol),
];

/** The columns of a connection. */
export const CONNECTION_COLUMNS: readonly string[] = [
  ...CONNECTION_RULES.map(({ path }) => path[0]!),
  'connection_type',
];

/** The tables that are read after the connections. */
export const TABLES: readonly DionaeaTable[] = [
  {
    name: 'logins',
    action: 'dionaea.login',
    category: 'authentication',
    rules: [fieldRule('user.name', 'login_username', text)],
    password: 'login_password',
  },
  {
    name: 'downloads',
    action: 'dionaea.download',
    category: 'file',
    rules: [
      fieldRule('url.original', 'download_url', text),
      fieldRule('file.hash.md5', 'download_md5_hash', lowerText),
    ],
  },
  {
    name: 'offers',
    action: 'dionaea.offer',
    category: 'file',
    rules: [fieldRule('url.original', 'offer_url', text)],
  },
  {
    name: 'mssql_commands',
    action: 'dionaea.mssql.command',
    category: 'process',
    rules: [fieldRule('process.command_line', 'mssql_command_cmd', text)],
  },
  {
    name: 'mysql_command_args',
    action: 'dionaea.mysql.command',
    category: 'process',
    rules: [fieldRule('process.command_line', 'mysql_command_arg_data', text)],
    through: { table: 'mysql_commands', key: 'mysql_command' },
  },
  {
    name: 'emu_services',
    action: 'dionaea.service',
    category: 'network',
    rules: [fieldRule('url.original', 'emu_service_url', text)],
  },
  {
    name: 'sip_commands',
    action: 'dionaea.sip.command',
    category: 'network',
    rules: [
      fieldRule('process.command_line', 'sip_command_method', text),
      fieldRule('user_agent.original', 'sip_command_user_agent', text),
    ],
  },
  {
    name: 'mqtt_fingerprints',
    action: 'dionaea.mqtt.connect',
    category: 'authentication',
    rules: [fieldRule('user.name', 'mqtt_fingerprint_username', text)],
    password: 'mqtt_fingerprint_password',
  },
  {
    name: 'mqtt_publish_commands',
    action: 'dionaea.mqtt.publish',
    category: 'network',
    rules: [fieldRule('payload', 'mqtt_publish_command_message', text)],
  },
];
