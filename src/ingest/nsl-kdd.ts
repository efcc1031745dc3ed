import type { TableColumn, TableSource } from '../data/index.js';

const feature = (reason: string, isInteger: boolean) => (name: string) =>
  ({ name, type: 'numeric', role: 'feature', reason, isInteger }) as const satisfies TableColumn;

const OWN = 'what the connection itself shows, known when it ends';
const CONTENT = 'what was done inside the connection, known when it ends';
const RECENT = 'connections of the two seconds before, known when this one ends';
const HOST = 'earlier connections to the same host, known when this one ends';

const category = (name: string): TableColumn => ({
  name,
  type: 'categorical',
  role: 'feature',
  reason: OWN,
  isInteger: false,
});

/**
 * NSL-KDD (University of New Brunswick, Canadian Institute for Cybersecurity): `KDDTrain+.txt` and `KDDTest+.txt`, one
 * connection a line, no header. 41 features with the names of KDD Cup 99, then the attack's name, then a difficulty.
 */
export const NSL_KDD: TableSource = {
  name: 'nsl-kdd',
  columns: [
    feature(OWN, true)('duration'),
    ...['protocol_type', 'service', 'flag'].map(category),
    ...['src_bytes', 'dst_bytes', 'land', 'wrong_fragment', 'urgent'].map(feature(OWN, true)),
    ...['hot', 'num_failed_logins', 'logged_in', 'num_compromised', 'root_shell'].map(feature(CONTENT, true)),
    ...['su_attempted', 'num_root', 'num_file_creations', 'num_shells'].map(feature(CONTENT, true)),
    ...['num_access_files', 'num_outbound_cmds', 'is_host_login'].map(feature(CONTENT, true)),
    feature(CONTENT, true)('is_guest_login'),
    ...['count', 'srv_count'].map(feature(RECENT, true)),
    ...['serror_rate', 'srv_serror_rate', 'rerror_rate', 'srv_rerror_rate'].map(feature(RECENT, false)),
    ...['same_srv_rate', 'diff_srv_rate', 'srv_diff_host_rate'].map(feature(RECENT, false)),
    ...['dst_host_count', 'dst_host_srv_count'].map(feature(HOST, true)),
    ...['dst_host_same_srv_rate', 'dst_host_diff_srv_rate'].map(feature(HOST, false)),
    ...['dst_host_same_src_port_rate', 'dst_host_srv_diff_host_rate'].map(feature(HOST, false)),
    ...['dst_host_serror_rate', 'dst_host_srv_serror_rate'].map(feature(HOST, false)),
    ...['dst_host_rerror_rate', 'dst_host_srv_rerror_rate'].map(feature(HOST, false)),
    {
      name: 'attack_name',
      type: 'categorical',
      role: 'label-defining',
      reason: 'every label is made from it',
      isInteger: false,
    },
    {
      name: 'difficulty',
      type: 'numeric',
      role: 'outcome',
      reason: 'how many of 21 classifiers got the row right, which is known only once its label is',
      isInteger: true,
    },
  ],
};

const TRANSPORTS: readonly unknown[] = ['tcp', 'udp', 'icmp'];
const NUMBER = /^\d{1,12}(?:\.\d{1,12})?$/;

/** Returns whether the cells of the first line of a file are those of a row of NSL-KDD. A header is none, whatever it names. */
export function isNslKddRow(cells: readonly string[]): boolean {
  const { columns } = NSL_KDD;
  return (
    cells.length === columns.length &&
    TRANSPORTS.includes(cells[1]) &&
    columns.every(({ type }, i) => NUMBER.test(cells[i]!) === (type === 'numeric'))
  );
}
