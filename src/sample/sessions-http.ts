import type { Dice } from './dice.js';
import type { Service, Step } from './session.js';
import { PASSWORDS, USER_AGENTS, USERS } from './words.js';

const PAGES = [
  '/',
  '/index.html',
  '/login',
  '/news?page=2',
  '/static/app.css',
  '/search?q=garden',
  '/admin',
  '/api/v1/items',
];

const FORMS = ['/login', '/admin'];

const INJECTIONS = [
  "' OR '1'='1' --",
  "admin'--",
  '1 UNION SELECT pw FROM users',
  "' UNION SELECT NULL,NULL,version()--",
  `' or ""="`,
  "1'; DROP TABLE sessions;--",
  '1 AND SLEEP(5)',
  "' OR 1=1#",
];

function request(dice: Dice): Step {
  const path = dice.pick(PAGES);
  const headers = {
    Host: `www.${dice.pick(['example.com', 'example.org', 'shop.example'])}`,
    Accept: dice.pick(['*/*', 'text/html', 'application/json']),
  };
  const step = { event: 'request', method: dice.chance(90) ? 'GET' : 'HEAD', path };
  return dice.chance(25)
    ? step
    : {
        ...step,
        data: {
          headers,
          cookies: [],
          query: path.includes('?') ? path.split('?')[1]! : null,
          status: dice.pick([200, 200, 304, 404]),
        },
      };
}

function form(dice: Dice, failed: boolean): Step[] {
  const data = { username: dice.pick(USERS), password: dice.pick(PASSWORDS) };
  const post = { method: 'POST', path: dice.pick(FORMS) };
  const attempt: Step = { event: 'login_attempt', ...post, data };
  if (!failed)
    return [
      attempt,
      { event: 'login_success', ...post, data: { username: data.username, redirect: '/home' } },
    ];
  return [attempt, { event: 'login_failed', ...post, data: { username: data.username } }];
}

function injection(dice: Dice): Step {
  const text = dice.pick(INJECTIONS);
  const event = 'sqli_attempt';
  if (dice.chance(50))
    return {
      event,
      method: 'GET',
      path: dice.pick(PAGES),
      data: { query: text, field: dice.pick(['id', 'q', 'page']) },
    };
  const password = text.length < 24 && dice.chance(60) ? text : 'x';
  return { event, method: 'POST', path: dice.pick(FORMS), data: { username: text, password, form: 'login' } };
}

/** An HTTP honeypot: injections and password guessing, page views and form log-ins. */
export const HTTP: Service = {
  honeypotType: 'http',
  ports: ['8080', '80'],
  userAgents: USER_AGENTS,
  script: (kind, dice) => {
    const steps = Array.from({ length: dice.between(1, kind === 'attack' ? 2 : 4) }, () => request(dice));
    if (kind === 'benign') return dice.chance(50) ? [...steps, ...form(dice, dice.chance(40))] : steps;
    const tries = Array.from({ length: dice.between(2, 6) }, () => injection(dice));
    return [...steps, ...tries, ...(dice.chance(40) ? form(dice, true) : [])];
  },
};
