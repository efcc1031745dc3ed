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
