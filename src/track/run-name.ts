import { randomInt } from 'node:crypto';

const ADJECTIVES = (
  'amber brisk calm clever curious dapper eager fierce gentle hidden humble icy jolly keen lucid mellow nimble ' +
  'patient quiet rapid silent stealthy sturdy subtle swift tidy vivid wary witty zesty'
).split(' ');
const ANIMALS = (
  'badger beetle bison crane dingo eagle falcon ferret gecko heron ibis jackal koala lemur lynx marten moth newt ' +
  'otter owl panda quail raven seal stoat tapir viper wasp wolf yak'
).split(' ');

/** Returns a made-up name such as `swift-otter-402`, for runs that were given none. Not seeded: names need not repeat. */
export function randomRunName(): string {
  return `${ADJECTIVES[randomInt(ADJECTIVES.length)]}-${ANIMALS[randomInt(ANIMALS.length)]}-${randomInt(1000)}`;
}
