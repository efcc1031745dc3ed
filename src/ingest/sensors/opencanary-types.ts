/** What an OpenCanary number says of an event. */
export interface LogType {
  /** OpenCanary's own name of it, without `LOG_`, in lower case. */
  readonly name: string;
  readonly category?: string;
  readonly protocol?: string;
  readonly transport?: string;
  readonly method?: string;
}

const type = (name: string, category: string, protocol: string, transport = 'tcp'): LogType => ({
  name,
  category,
  protocol,
  transport,
});
const login = (name: string, protocol: string): LogType => type(name, 'authentication', protocol);
const internal = (name: string): LogType => ({ name, category: 'host' });
const scan = (name: string): LogType => ({ name, category: 'network', transport: 'tcp' });

/** The numbers of OpenCanary with their names; 1000 to 1006 are of the sensor itself. */
export const LOG_TYPES: ReadonlyMap<number, LogType> = new Map([
  [1000, internal('base_boot')],
  [1001, internal('base_msg')],
  [1002, internal('base_debug')],
  [1003, internal('base_error')],
  [1004, internal('base_ping')],
  [1005, internal('base_config_save')],
  [1006, internal('base_example')],
  [2000, login('ftp_login_attempt', 'ftp')],
  [2001, login('ftp_auth_attempt_initiated', 'ftp')],
  [3000, { ...type('http_get', 'web', 'http'), method: 'GET' }],
  [3001, { ...login('http_post_login_attempt', 'http'), method: 'POST' }],
  [3002, type('http_unimplemented_method', 'web', 'http')],
  [3003, type('http_redirect', 'web', 'http')],
  [4000, type('ssh_new_connection', 'session', 'ssh')],
  [4001, type('ssh_remote_version_sent', 'session', 'ssh')],
  [4002, login('ssh_login_attempt', 'ssh')],
  [5000, type('smb_file_open', 'file', 'smb')],
  [5001, scan('port_syn')],
  [5002, scan('port_nmapos')],
  [5003, scan('port_nmapnull')],
  [5004, scan('port_nmapxmas')],
  [5005, scan('port_nmapfin')],
  [6001, login('telnet_login_attempt', 'telnet')],
  [6002, type('telnet_connection_made', 'session', 'telnet')],
  [7001, login('httpproxy_login_attempt', 'http')],
  [8001, login('mysql_login_attempt', 'mysql')],
  [9001, login('mssql_login_sqlauth', 'mssql')],
  [9002, login('mssql_login_winauth', 'mssql')],
  [9003, type('mysql_connection_made', 'session', 'mysql')],
  [10001, type('tftp', 'file', 'tftp', 'udp')],
  [11001, type('ntp_monlist', 'network', 'ntp', 'udp')],
  [12001, login('vnc', 'vnc')],
  [13001, type('snmp_cmd', 'network', 'snmp', 'udp')],
  [14001, type('rdp', 'session', 'rdp')],
  [15001, type('sip_request', 'network', 'sip', 'udp')],
  [16001, type('git_clone_request', 'network', 'git')],
  [17001, type('redis_command', 'process', 'redis')],
  [18001, scan('tcp_banner_connection_made')],
  [18002, scan('tcp_banner_keep_alive_connection_made')],
  [18003, scan('tcp_banner_keep_alive_secret_received')],
  [18004, scan('tcp_banner_keep_alive_data_received')],
  [18005, scan('tcp_banner_data_received')],
  [19001, type('llmnr_query_response', 'network', 'llmnr', 'udp')],
  [20001, login('mongodb_login_attempt', 'mongodb')],
  ...Array.from({ length: 10 }, (_, i): [number, LogType] => [99_000 + i, { name: `user_${i}` }]),
]);
