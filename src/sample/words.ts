/** Names, hosts and messages of the scripts: invented, with reserved domains and documentation addresses only. */
export const USERS = [
  'root',
  'admin',
  'ubuntu',
  'test',
  'oracle',
  'postgres',
  'deploy',
  'git',
  'pi',
  'backup',
  'jenkins',
  'guest',
  'anna.keller',
  'm.osei',
  'webmaster',
  'support',
  'ftpuser',
  'nagios',
  'minecraft',
  'ec2-user',
  'björn',
] as const;

export const PASSWORDS = [
  '123456',
  'password',
  'admin',
  'toor',
  'qwerty',
  'letmein',
  'P@ssw0rd',
  'raspberry',
  'changeme',
  '1q2w3e4r',
  "o'hara77",
  'summer2025!',
  'x',
  'root123',
  'Welcome1',
  'correct horse',
  'zaq12wsx',
  '0000',
  'blink"182',
] as const;

export const MAIL_HOSTS = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example',
  'post.test',
  'shop.example',
  'bank.test',
  'lists.example.org',
] as const;

export const MAIL_USERS = [
  'info',
  'billing',
  'no-reply',
  'anna',
  'newsletter',
  'security',
  'hr',
  'sales',
  'm.osei',
  'alerts',
  'ceo',
  'orders',
] as const;

export const PHISHING = [
  'Your mailbox is almost full. Confirm your account within 24 hours or it will be closed.',
  'We noticed a sign-in from a new device. Open the link below to keep your access.',
  'Invoice attached. Payment is overdue, please wire the amount today.',
  'You have won a voucher! Reply with your card number to claim it.',
] as const;

export const LETTERS = [
  'The minutes of Tuesday are in the shared folder.',
  'Your order has shipped and arrives on Friday.',
  'Lunch at noon? The usual place.',
  'This month: three new articles, one recipe and a photo from the garden.',
  'Backup finished without errors.',
] as const;

export const USER_AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148',
  'curl/8.5.0',
  'python-requests/2.32.3',
  'Wget/1.21.4',
  'Go-http-client/1.1',
  'sqlmap/1.8.4#stable',
  'okhttp/4.12.0',
  'uptime-probe/2.1',
] as const;
