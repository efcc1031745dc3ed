/** A command that shows a technique: all that is given must fit. Texts may hold `*` for any characters. */
export interface CommandRule {
  readonly technique: string;
  /** It runs one of these. */
  readonly programs?: readonly string[];
  /** One of its words, the program's among them, is one of these. */
  readonly words?: readonly string[];
  /** None of its words is one of these. */
  readonly unless?: readonly string[];
  /** It writes its output to one of these. */
  readonly writes?: readonly string[];
}

const FIREWALLS = [
  '*iptables*',
  '*firewall*',
  'ufw',
  'nftables',
  'selinux',
  'apparmor*',
  'auditd',
  '*rsyslog*',
  'syslog*',
];
const READERS = [
  'cat',
  'more',
  'less',
  'head',
  'tail',
  'grep',
  'egrep',
  'awk',
  'cut',
  'strings',
  'vi',
  'nano',
];

/** Commands with the technique that each shows; the first that fits a command says it. */
export const COMMAND_RULES: readonly CommandRule[] = [
  // Impact.
  {
    technique: 'T1496',
    words: ['*xmrig*', '*minerd*', '*cpuminer*', '*ccminer*', '*xmr-stak*', '*stratum+*', '*cryptonight*'],
  },
  { technique: 'T1485', programs: ['rm'], words: ['/', '--no-preserve-root'] },
  {
    technique: 'T1485',
    programs: ['dd'],
    words: ['of=/dev/sd*', 'of=/dev/hd*', 'of=/dev/vd*', 'of=/dev/mmc*', 'of=/dev/mtd*'],
  },
  { technique: 'T1485', programs: ['mkfs*', 'wipefs'] },
  { technique: 'T1529', programs: ['reboot', 'shutdown', 'halt', 'poweroff'] },
  { technique: 'T1529', writes: ['/proc/sysrq-trigger'] },
  { technique: 'T1489', words: ['stop'], unless: [...FIREWALLS, 'echo', 'printf'] },
  { technique: 'T1489', programs: ['kill', 'killall', 'pkill'] },
  // Access from here on.
  { technique: 'T1098.004', words: ['*authorized_keys*'] },
  { technique: 'T1136', programs: ['useradd', 'adduser', 'groupadd', 'addgroup'] },
  { technique: 'T1098', programs: ['passwd', 'chpasswd', 'usermod'] },
  { technique: 'T1053.003', programs: ['crontab'], unless: ['-l'] },
  { technique: 'T1053.003', words: ['/etc/cron*', '/var/spool/cron*'] },
  { technique: 'T1543.002', programs: ['systemctl'], words: ['enable', 'daemon-reload'] },
  { technique: 'T1543.002', words: ['/etc/systemd/*', '/lib/systemd/*', '/usr/lib/systemd/*'] },
  { technique: 'T1037.004', programs: ['update-rc.d', 'chkconfig'] },
  { technique: 'T1037.004', writes: ['/etc/rc.local', '/etc/rc.d/*', '/etc/init.d/*', '/etc/profile*'] },
  // Data out, tools in, on to other machines.
  { technique: 'T1048', programs: ['curl'], words: ['-F', '-T', '--form', '--upload-file'] },
  {
    technique: 'T1105',
    programs: [
      'wget',
      'curl',
      'tftp',
      'ftpget',
      'ftp',
      'scp',
      'sftp',
      'rsync',
      'axel',
      'aria2c',
      'lwp-download',
    ],
  },
  { technique: 'T1021.004', programs: ['ssh', 'sshpass', 'plink', 'dbclient'] },
  // What hides an attack or clears its way.
  {
    technique: 'T1562',
    programs: ['iptables', 'ip6tables', 'nft', 'ufw', 'setenforce', 'SuSEfirewall2', 'reSuSEfirewall2'],
    unless: ['-L', '-S', 'status'],
  },
  {
    technique: 'T1562',
    programs: ['systemctl', 'service', 'rc-service', ...FIREWALLS],
    words: ['stop', 'disable', 'mask'],
  },
  {
    technique: 'T1562',
    programs: ['unset', 'export', 'set'],
    words: ['HISTFILE*', 'HISTSIZE*', 'HISTORY*', 'HISTSAVE*', '+o'],
  },
  { technique: 'T1562', words: ['HISTFILE=*', 'HISTSIZE=*'] },
  { technique: 'T1070', programs: ['history'], words: ['-c*', '-d*', '-w'] },
  { technique: 'T1070', programs: ['rm', 'shred', 'unlink', 'truncate'] },
  { technique: 'T1070', writes: ['/var/log/*', '*_history'] },
  { technique: 'T1222.002', programs: ['chmod', 'chown', 'chgrp', 'chattr', 'setfacl', 'lockr'] },
  { technique: 'T1027', programs: ['base64', 'xxd', 'uudecode', 'openssl'] },
  { technique: 'T1027', programs: ['echo', 'printf'], words: ['*\\x*'] },
  // A look around.
  { technique: 'T1003.008', words: ['/etc/shadow*'] },
  {
    technique: 'T1552.001',
    programs: READERS,
    words: ['*passw*', '*/wp-config*', '*/.env', '*/.aws/*', '*id_rsa*', '*/.git-credentials'],
    unless: ['/etc/passwd'],
  },
  { technique: 'T1087', words: ['/etc/passwd', '/etc/group'] },
  { technique: 'T1087', programs: ['getent', 'lastlog', 'compgen'] },
  { technique: 'T1046', programs: ['nmap', 'masscan', 'zmap', 'pnscan', 'netdiscover'] },
  { technique: 'T1049', programs: ['netstat', 'ss', 'lsof'] },
  { technique: 'T1016', programs: ['ifconfig', 'ip', 'route', 'arp', 'iwconfig', 'nmcli', 'resolvectl'] },
  { technique: 'T1016', words: ['/etc/resolv.conf', '/etc/hosts', '/proc/net/*', '/etc/network/*'] },
  {
    technique: 'T1082',
    programs: [
      'uname',
      'lscpu',
      'free',
      'uptime',
      'hostname',
      'hostnamectl',
      'lsb_release',
      'dmidecode',
      'lspci',
      'lsblk',
      'nproc',
      'dmesg',
      'arch',
      'df',
      'mount',
      'nvidia-smi',
    ],
  },
  {
    technique: 'T1082',
    words: [
      '/proc/cpuinfo',
      '/proc/meminfo',
      '/proc/version',
      '/proc/mounts',
      '/proc/uptime',
      '/etc/issue*',
      '/etc/*release',
      '/etc/*version',
    ],
  },
  { technique: 'T1057', programs: ['ps', 'top', 'htop', 'pgrep', 'pidof', 'pstree'] },
  { technique: 'T1033', programs: ['whoami', 'id', 'w', 'who', 'last', 'users', 'logname'] },
  {
    technique: 'T1083',
    programs: ['ls', 'll', 'dir', 'find', 'locate', 'tree', 'pwd', 'du', 'stat', 'file'],
  },
];
