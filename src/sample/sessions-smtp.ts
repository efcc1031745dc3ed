import type { Dice } from './dice.js';
import type { Service, SessionKind, Step } from './session.js';
import { LETTERS, MAIL_HOSTS, MAIL_USERS, PHISHING } from './words.js';

const GOODBYES = ['221 2.0.0 Bye', '221 2.0.0 Service closing', '221 2.0.0 Service closing'];

const address = (dice: Dice): string => `${dice.pick(MAIL_USERS)}@${dice.pick(MAIL_HOSTS)}`;

function letter(kind: SessionKind, from: string, to: string, dice: Dice): string {
  const subject =
    kind === 'attack' ? 'Urgent: action required' : dice.pick(['News', 'Your order', 'Minutes']);
  const body = dice.pick(kind === 'attack' ? PHISHING : LETTERS);
  return `From: ${from}\nTo: ${to}\nSubject: ${subject}\nContent-Type: text/plain; charset="utf-8"\n\n${body}`;
}

function message(kind: SessionKind, dice: Dice): Step[] {
  const mail_from = address(dice);
  const recipients = dice.chance(6) ? 2 : 1;
  const rcpt_to = Array.from({ length: recipients }, () => address(dice));
  const steps: Step[] = [{ event: 'mail_from', data: { mail_from, rcpt_to: [], smtp_response: '250 OK' } }];
  rcpt_to.forEach((_, i) => {
    steps.push({
      event: 'rcpt_to',
      data: { mail_from, rcpt_to: rcpt_to.slice(0, i + 1), smtp_response: '250 OK' },
    });
  });
  steps.push({
    event: 'data',
    data: { mail_from, rcpt_to, message: letter(kind, mail_from, rcpt_to[0]!, dice) },
  });
  const queued = `250 2.0.0 Ok: queued as ${dice.hex(10)}`;
  steps.push({ event: 'data_response', data: { mail_from, rcpt_to, smtp_response: queued } });
  if (dice.chance(80))
    steps.push({
      event: 'quit',
      data: { mail_from, rcpt_to, smtp_response: dice.pick(GOODBYES) },
    });
  return steps;
}

/** An SMTP honeypot: phishing through an open relay, and ordinary letters. */
export const SMTP: Service = {
  honeypotType: 'smtp',
  ports: ['2525', '25', ''],
  userAgents: [''],
  script: (kind, dice) => [
    { event: 'connection_opened' },
    {
      event: 'ehlo',
      data: { hostname: dice.chance(50) ? `[192.0.2.${dice.between(2, 250)}]` : dice.pick(MAIL_HOSTS) },
    },
    ...message(kind, dice),
    { event: 'connection_closed' },
  ],
};
