/** The attack name of a row that is no attack. */
export const NORMAL = 'normal';

/**
 * The class of every attack of NSL-KDD: those of the training set, then those of the test set alone. As KDD Cup 99 counted
 * them, which has httptunnel under u2r (others have it under r2l) and worm under r2l.
 */
const BY_CLASS: Readonly<Record<string, readonly string[]>> = {
  dos: [
    ...['back', 'land', 'neptune', 'pod', 'smurf', 'teardrop'],
    ...['apache2', 'mailbomb', 'processtable', 'udpstorm'],
  ],
  probe: [...['ipsweep', 'nmap', 'portsweep', 'satan'], ...['mscan', 'saint']],
  r2l: [
    ...['ftp_write', 'guess_passwd', 'imap', 'multihop', 'phf', 'spy', 'warezclient', 'warezmaster'],
    ...['named', 'sendmail', 'snmpgetattack', 'snmpguess', 'worm', 'xlock', 'xsnoop'],
  ],
  u2r: [
    ...['buffer_overflow', 'loadmodule', 'perl', 'rootkit'],
    ...['httptunnel', 'ps', 'sqlattack', 'xterm'],
  ],
};

/** Class by attack name, `normal` among them: normal, dos, probe, r2l (from remote to local) or u2r (from user to root). */
export const NSL_KDD_ATTACK_CLASSES: ReadonlyMap<string, string> = new Map([
  [NORMAL, NORMAL],
  ...Object.entries(BY_CLASS).flatMap(([name, attacks]) =>
    attacks.map((attack): [string, string] => [attack, name]),
  ),
]);
