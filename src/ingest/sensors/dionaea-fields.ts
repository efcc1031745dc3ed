import type { EventFields } from '../../data/index.js';
import { lowerText, type ReadValue } from './values.js';

/** What can become of a connection. */
export const CONNECTION_TYPES: readonly string[] = ['accept', 'connect', 'listen', 'pending', 'reject'];

const PROTOCOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ftpd: 'ftp',
    httpd: 'http',
    smbd: 'smb',
    mssqld: 'mssql',
    mysqld: 'mysql',
    mongod: 'mongodb',
    mqttd: 'mqtt',
    pptpd: 'pptp',
    upnpd: 'upnp',
    tftpd: 'tftp',
    tftpserverhandler: 'tftp',
    sipsession: 'sip',
    sipcall: 'sip',
    rtpudpstream: 'rtp',
    nfqmirrord: 'mirror',
    mirrord: 'mirror',
  }),
);

/** Returns the protocol that a service of Dionaea speaks: `http` of `httpd`; its own name where it is another. */
export const serviceProtocol: ReadValue = (value, sink) => {
  const name = lowerText(value, sink);
  return typeof name === 'string' ? (PROTOCOLS.get(name) ?? name) : name;
};

/** Returns the fields with source and destination: of a connection that the sensor opened, what Dionaea calls remote is the target. */
export function endsOf(fields: EventFields, type: string): EventFields {
  const {
    'source.ip': ip,
    'source.port': number,
    'destination.ip': toIp,
    'destination.port': toNumber,
    ...rest
  } = fields;
  const remote = [ip, ip === undefined ? undefined : number] as const;
  const local = [toIp, toNumber] as const;
  const [source, destination] = type === 'connect' ? [local, remote] : [remote, local];
  const ends = {
    'source.ip': source[0],
    'source.port': source[1],
    'destination.ip': destination[0],
    'destination.port': destination[1],
  };
  return { ...rest, ...Object.fromEntries(Object.entries(ends).filter(([, value]) => value !== undefined)) };
}
